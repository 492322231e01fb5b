// A quick answer by its name, Ctrl+Enter sends, and what could not be sent stays in its field.
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
    if (wanted && field) insert(wanted.lastElementChild.textContent);
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
    insert(first.lastElementChild.textContent);
  });
  const unsent = document.querySelector("[data-unsent]");
  let leaving = "", response = null;
  const ours = (event) => field && event.detail.ctx.sourceElement === field.form;
  document.addEventListener("htmx:before:request", (event) => {
    if (ours(event)) [leaving, response] = [field.value, null];
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (ours(event)) response = event.detail.ctx.response.raw;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!ours(event)) return;
    unsent.hidden = response !== null;
    if (response?.ok && field.value === leaving) field.value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
  });
})();
