// Trying the bot from the keyboard: ↑ says the last message anew, Ctrl+L begins again.
(() => {
  const field = document.querySelector("[data-again]"), again = document.querySelector("[name=editar]");
  document.addEventListener("keydown", (event) => {
    const clear = document.querySelector("[data-clear]");
    if (!event.ctrlKey || event.key.toLowerCase() !== "l" || !clear) return;
    event.preventDefault();
    clear.click();
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key === "ArrowUp" && !field.value && field.dataset.again) {
      event.preventDefault();
      field.value = field.dataset.again;
      again.value = "si";
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && field.value.trim()) {
      event.preventDefault();
      field.form.requestSubmit();
    }
  });
  field?.addEventListener("input", () => { if (!field.value) again.value = ""; });
})();
