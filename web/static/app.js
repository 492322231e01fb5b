// What HTML cannot do by itself: send with Enter, follow the conversation, tell local time.
(() => {
  const near = 160;
  const scroller = document.querySelector("[data-scroll]");
  const composer = document.querySelector("[data-composer]");
  const field = composer?.querySelector("textarea");
  const offline = document.querySelector("[data-offline]");
  const typing = matchMedia("(pointer: fine)").matches;

  const hour = new Intl.DateTimeFormat("es", { hour: "2-digit", minute: "2-digit" });
  const moment = new Intl.DateTimeFormat("es", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const ago = new Intl.RelativeTimeFormat("es", { numeric: "auto" });

  const told = (at, as) => {
    if (as === "hour") return hour.format(at);
    const minutes = Math.round((at - Date.now()) / 60000);
    if (as === "moment" || minutes < -720) return moment.format(at);
    if (minutes > -1) return "ahora";
    return minutes > -60 ? ago.format(minutes, "minute") : ago.format(Math.round(minutes / 60), "hour");
  };
  const localise = () => {
    for (const time of document.querySelectorAll("time[data-as]")) {
      const text = told(new Date(time.dateTime), time.dataset.as);
      if (time.textContent !== text) time.textContent = text;
    }
  };

  const toEnd = () => scroller?.scrollTo({ top: scroller.scrollHeight });
  let follows = true;
  scroller?.addEventListener("scroll", () => {
    follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < near;
  }, { passive: true });
  if (scroller) new ResizeObserver(() => follows && toEnd()).observe(scroller.firstElementChild);

  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !typing) return;
    event.preventDefault();
    if (field.value.trim()) composer.requestSubmit();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.matches?.("form") || !response.raw.ok) return;
    follows = true;
    toEnd();
    if (sourceElement === composer) {
      field.value = "";
      field.focus();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  const connected = (is) => { if (offline) offline.hidden = is; };
  document.addEventListener("htmx:sse:error", () => connected(false));
  document.addEventListener("htmx:sse:after:connection", () => connected(true));
  document.addEventListener("htmx:after:swap", localise);
  setInterval(localise, 30000);
  localise();
  toEnd();
})();
