// A quick answer by its name, Ctrl+Enter sends, and what is unfolded is ready to be typed in.
(() => {
  const field = document.querySelector("#texto"), quick = document.querySelector("#rapidas");
  const insert = (text) => {
    field.value = text;
    quick.open = false;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const wanted = event.target.closest?.("[data-insert]");
    if (wanted && field) insert(wanted.dataset.insert);
  });
  field?.addEventListener("input", () => {
    const [, name] = /^\/(\S*)$/.exec(field.value) ?? [];
    if (name === undefined) return;
    quick.open = true;
    for (const one of quick.querySelectorAll(".canned li"))
      one.hidden = !one.querySelector("strong").textContent.slice(1).startsWith(name);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || !/^\/\S*$/.test(field.value)) return;
    const first = quick.querySelector(".canned li:not([hidden]) [data-insert]");
    if (!first) return;
    event.preventDefault();
    insert(first.dataset.insert);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches("details.more") && document.activeElement !== field) {
      event.target.querySelector("textarea, select, input:not([type=hidden]), .choices button")?.focus();
    }
  }, { capture: true });
})();
