// Choosing several lines: Shift+X takes all from the last one that was chosen to this one.
(() => {
  const writing = (target) => target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select");
  const boxes = () => [...document.querySelectorAll("[data-list] [type=checkbox]")];
  let last = null;
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-list] [type=checkbox]")) last = event.target.value;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "X" || writing(event.target) || document.body.dataset.keys === "off") return;
    const all = boxes();
    const here = document.querySelector(".here [type=checkbox]");
    const from = Math.max(0, all.findIndex((box) => box.value === last)), to = all.indexOf(here);
    if (to < 0) return;
    for (const box of all.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = true;
    last = here.value;
  });
})();
