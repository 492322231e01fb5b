// The shop's own pages from the keyboard, and what keeps them fresh when the stream is down.
// Keys are the page's own: data-go ("g" and a letter), data-key (a press), data-list (j and k).
(() => {
  const one = (query, root = document) => root.querySelector(query);
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const writing = (target) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const single = document.body.dataset.keys !== "off";
  const palette = one("#paleta"), help = one("#atajos"), field = one("[data-palette]");

  one(".side [aria-current]")?.scrollIntoView({ block: "nearest" });

  const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
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
    const at = items.findIndex((item) => item.classList.contains("here"));
    items[at]?.classList.remove("here");
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    next.classList.add("here");
    (one("a, button", next) ?? next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const press = (element) => {
    element.focus();
    if (element.matches("a, button, summary, [type=radio], [type=checkbox]")) element.click();
  };

  let going = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return open(palette);
    }
    if (!single || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]") || writing(event.target)) return;
    const key = event.key;
    if (key === "Enter" && event.target.closest("a, button, summary")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      return one(`[data-go="${CSS.escape(key)}"]`)?.click();
    }
    const wanted = one(`.here [data-key="${CSS.escape(key)}"]`) ?? one(`[data-key="${CSS.escape(key)}"]`);
    if (key === "g") going = Date.now();
    else if (key === "?") open(help);
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
  new MutationObserver((changes) => {
    for (const toast of changes.flatMap((change) => [...change.addedNodes]))
      if (toast.nodeType === 1) setTimeout(() => toast.remove(), 10000);
  }).observe(one("#avisos"), { childList: true });
})();
