// A table that is pasted where nobody writes goes to the preview of an import.
(() => {
  const form = document.querySelector("[data-paste]");
  document.addEventListener("paste", (event) => {
    const said = event.clipboardData?.getData("text/plain") ?? "";
    if (!form || event.target.closest?.("input, textarea, select, dialog") || !/[\t\n]/.test(said.trim())) return;
    event.preventDefault();
    form.elements.pegado.value = said;
    form.requestSubmit();
  });
})();
