// What HTML cannot do by itself: send with Enter, follow the conversation, tell local time.
(() => {
  const near = 160;
  const scroller = document.querySelector("[data-scroll]");
  const composer = document.querySelector("[data-composer]");
  const field = composer?.querySelector("textarea");
  const offline = document.querySelector("[data-offline]");
  const typing = matchMedia("(pointer: fine)").matches;

  const language = document.documentElement.lang;
  const hour = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
  const moment = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const ago = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

  const told = (at, as) => {
    if (as === "hour") return hour.format(at);
    const minutes = Math.round((at - Date.now()) / 60000);
    if (as === "moment" || minutes < -720) return moment.format(at);
    if (minutes > -1) return ago.format(0, "second");
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

  // Whoever is still writing is waited for: said again every two seconds, and when the field is empty.
  let said = 0;
  const write = (is) => {
    said = is ? Date.now() : 0;
    fetch("/chat/typing", { method: "POST", body: new URLSearchParams({ escribe: is }), keepalive: true }).catch(() => {});
  };
  field?.addEventListener("input", () => {
    if (field.value.trim()) { if (Date.now() - said > 2000) write(true); }
    else if (said) write(false);
  });

  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !typing) return;
    event.preventDefault();
    if (field.value.trim()) composer.requestSubmit();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!sourceElement.matches?.("form:not(.rate)") || !response.raw.ok) return;
    follows = true;
    toEnd();
  });

  // The field is free for the next message while one is on its way; what fails comes back to it,
  // and what is sent meanwhile leaves afterwards, under a key of its own.
  let leaving = null, delivered = false, next = false;
  const ours = (event) => composer && event.detail.ctx.sourceElement === composer;
  composer?.addEventListener("submit", (event) => {
    if (leaving === null) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    next = true;
  }, { capture: true });
  field?.addEventListener("input", () => { next = false; });
  document.addEventListener("htmx:before:request", (event) => {
    if (!ours(event)) return;
    [leaving, delivered, said] = [field.value, false, 0];
    field.value = "";
    field.focus();
  });
  document.addEventListener("htmx:after:request", (event) => {
    if (ours(event)) delivered = event.detail.ctx.response.raw.ok;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!ours(event)) return;
    if (!delivered) field.value = [leaving, field.value].filter(Boolean).join("\n");
    leaving = null;
    if (delivered && next && field.value.trim()) composer.requestSubmit();
    next = false;
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  for (const button of document.querySelectorAll("[data-reveal]")) {
    const secret = document.getElementById(button.dataset.reveal);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = secret.type === "password";
      secret.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    const text = document.getElementById(button.dataset.copy);
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.value);
      button.textContent = button.dataset.done;
    });
  }

  const connected = (is) => { if (offline) offline.hidden = is; };
  document.addEventListener("htmx:sse:error", () => connected(false));
  document.addEventListener("htmx:sse:after:connection", () => connected(true));
  document.addEventListener("htmx:after:swap", localise);
  setInterval(localise, 30000);
  localise();
  toEnd();
})();
