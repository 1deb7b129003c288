// What every page does beyond its HTML: follows live changes, remembers nothing, breaks nothing when it is absent.
(() => {
  "use strict";
  const event = document.body.dataset.event;

  // What somebody is typing is never replaced under their hands.
  const typedIn = (part) => [...part.querySelectorAll("input, textarea")].some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);

  // Parts marked data-live="planning." are fetched anew when the record shows such an act.
  const live = [...document.querySelectorAll("[data-live][id]")];
  if (event && live.length && window.EventSource) {
    let waiting = null;
    const refresh = async () => {
      waiting = null;
      if (!live.some((part) => part.isConnected)) return stream.close(); // an island has taken their place
      const answer = await fetch(location.href, { headers: { "X-Requested-With": "live" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of live) {
        const fresh = page.getElementById(part.id);
        if (fresh && !part.contains(document.activeElement) && !typedIn(part)) part.innerHTML = fresh.innerHTML;
      }
    };
    const stream = new EventSource(`/e/${event}/live/`);
    const later = () => { waiting = waiting || setTimeout(refresh, 400); };
    stream.addEventListener("record", (message) => {
      const line = JSON.parse(message.data);
      if (live.some((part) => part.dataset.live.split(" ").some((prefix) => (line.code || line.object_type || "").startsWith(prefix)))) later();
    });
    stream.addEventListener("refresh", later);
    addEventListener("pagehide", () => stream.close());
  }

  // The other language shows what this page shows now: islands change the address as they are used.
  const language = document.querySelector("form.language");
  language?.addEventListener("submit", () => { language.elements.next.value = location.pathname + location.search; });

  // The rail narrows to icons over words; the cookie lets the server draw it so from the first byte.
  const fold = document.querySelector(".rail-fold");
  if (fold) {
    fold.hidden = false;
    fold.addEventListener("click", () => {
      const slim = document.documentElement.classList.toggle("slim");
      fold.setAttribute("aria-pressed", String(slim));
      document.cookie = `tminus_rail=${slim ? "slim" : "wide"}; path=/; max-age=31536000; samesite=lax`;
    });
  }

  // What scrolls sideways can be reached and scrolled by keyboard.
  const reachable = () => {
    for (const part of document.querySelectorAll(".table-wrap, .strip, .book")) {
      const scrolls = part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
      if (scrolls && !part.hasAttribute("tabindex")) {
        part.tabIndex = 0;
        if (part.tagName !== "NAV" && !part.getAttribute("role")) part.setAttribute("role", "group");
        if (!part.getAttribute("aria-label")) part.setAttribute("aria-label", (part.closest("section")?.querySelector("h2") || document.querySelector("h1")).textContent.trim());
      }
    }
  };
  reachable();
  addEventListener("resize", reachable);

  // "/" puts the cursor into the page's filter, Escape leaves it.
  addEventListener("keydown", (press) => {
    const typing = /^(input|textarea|select)$/i.test(press.target.tagName);
    const filter = document.querySelector("[data-filter]");
    if (press.key === "/" && !typing && filter) { press.preventDefault(); filter.focus(); }
    if (press.key === "Escape" && typing) press.target.blur();
  });

  // Selects and checkboxes marked data-submit send their form at once.
  document.addEventListener("change", (change) => {
    if (change.target.matches("[data-submit]")) change.target.form.requestSubmit();
  });
  // Forms that ask first say what will happen.
  document.addEventListener("submit", (submit) => {
    const question = submit.target.dataset.confirm;
    if (question && !confirm(question)) submit.preventDefault();
  });
})();
