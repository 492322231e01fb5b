// The shop's own pages from the keyboard, and what keeps them fresh when the stream is down.
// Keys are the page's own: data-go ("g" and a letter), data-key (a press), data-list (j and k). What a
// key or a click unfolds is ready to be typed in, and no key is a shortcut in there but Escape.
(() => {
  const one = (query, root = document) => root.querySelector(query);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const fields = "input:not([type=radio], [type=checkbox], [type=hidden]), textarea, select, [contenteditable]";
  const writing = (target) => target.closest?.(fields);
  const unfolded = (target) => {
    const fold = target.closest?.("details[open]");
    return fold && one(`form, ${fields}`, fold) ? fold : null;
  };
  const single = document.body.dataset.keys !== "off";
  const palette = one("#paleta"), help = one("#atajos"), field = one("[data-palette]");

  one(".side [aria-current]")?.scrollIntoView({ block: "nearest" });

  const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
  // The help tells what the page has now, not what it could have.
  const helping = () => {
    const has = (row) => row.dataset.needs ? one(row.dataset.needs) : all("kbd", row).some((kbd) => one(`[data-key="${CSS.escape(kbd.textContent)}"]`));
    for (const row of all("dl div", help)) row.hidden = !has(row);
    open(help);
    help.scrollTo(0, 0);
  };
  const shown = () => all("li", palette).filter((item) => !item.hidden);
  field?.addEventListener("input", () => {
    const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    for (const item of all("li", palette)) item.hidden = !plain(item.textContent).includes(plain(field.value));
  });
  field?.form.addEventListener("submit", (event) => {
    event.preventDefault();
    one("a", shown()[0] ?? document.createElement("li"))?.click();
  });
  palette?.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const links = [field, ...shown().map((item) => one("a", item))];
    const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    links[(at + links.length) % links.length].focus();
  });

  const move = (by) => {
    const items = all("[data-list] > *");
    if (!items.length) return;
    const at = items.findIndex((item) => item.matches(".here, :focus-within"));
    for (const item of items) item.classList.remove("here");
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    next.classList.add("here");
    (all("a, button, summary", next).find((each) => each.checkVisibility()) ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (element) => {
    element.focus();
    if (element.matches("a, button, summary, [type=radio], [type=checkbox]")) element.click();
    if (element.matches("details[open] > summary")) enter(element.parentElement);
  };
  const enter = (fold) => {
    const first = one(`${fields}, .choices button`, fold);
    first?.focus();
    if (first?.matches("textarea")) first.setSelectionRange(first.value.length, first.value.length);
  };
  document.addEventListener("toggle", ({ target }) => {
    if (target.matches("details[open]") && one("summary", target) === document.activeElement) enter(target);
  }, { capture: true });
  const fold = (target) => {
    const found = unfolded(target) ?? all("details.more[open]").at(-1);
    if (!found) return writing(target) && target.blur();
    found.open = false;
    one("summary", found).focus();
  };

  // In the inbox Chatwoot's keys work too, also while somebody writes. Ctrl+Alt is left alone: it types €.
  const known = { KeyE: "e", KeyP: "n", KeyL: "l", KeyM: "z" };
  const alternate = (event) => {
    const key = event.code === "KeyE" && event.shiftKey ? "E" : known[event.code];
    const step = { KeyJ: 1, KeyK: -1 }[event.code], wanted = key && one(`[data-key="${key}"]`);
    if (!step && !wanted) return;
    event.preventDefault();
    if (step) move(step);
    else press(wanted);
  };

  let going = 0;
  document.addEventListener("keydown", (event) => {
    const key = event.key;
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "k") {
      event.preventDefault();
      return open(palette);
    }
    if (key === "Escape" && !event.isComposing && !one("dialog[open]")) return fold(event.target);
    if (event.altKey && !event.ctrlKey && !event.metaKey && one(".inbox") && !one("dialog[open]")) return alternate(event);
    if (!single || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || writing(event.target) || unfolded(event.target)) return;
    if (key === "Enter" && event.target.closest("a, button, summary")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      return one(`[data-go="${CSS.escape(key)}"]`)?.click();
    }
    const wanted = one(`.here [data-key="${CSS.escape(key)}"]`) ?? one(`[data-key="${CSS.escape(key)}"]`);
    if (key === "g") going = Date.now();
    else if (key === "?") helping();
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "/" && one("[data-search]")) { event.preventDefault(); one("[data-search]").focus(); }
    else if (wanted) { event.preventDefault(); press(wanted); }
  });

  // Without the stream pages ask every ten seconds.
  let polling = 0;
  const ask = () => document.body.dispatchEvent(new CustomEvent("news:poll"));
  document.addEventListener("htmx:sse:error", () => { polling ||= setInterval(ask, 10000); });
  document.addEventListener("htmx:sse:after:connection", () => { clearInterval(polling); polling = 0; });

  // A page that renews itself leaves unfolded what somebody unfolded.
  htmx.registerExtension("unfolded", {
    htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !element.matches("details"),
  });

  // What was done is said, and goes by itself.
  const passing = (toast) => { if (toast.nodeType === 1) setTimeout(() => toast.remove(), 10000); };
  [...one("#avisos").children].forEach(passing);
  new MutationObserver((changes) => {
    changes.flatMap((change) => [...change.addedNodes]).forEach(passing);
  }).observe(one("#avisos"), { childList: true });
})();
