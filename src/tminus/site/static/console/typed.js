// Nothing typed is lost: what stands in a form is kept on this device until the server says it has taken it, and is put
// back after a refused save, a lost connection or an expired session. Passwords and files are never kept.
(() => {
  "use strict";
  const me = document.body.dataset.person;
  const words = document.body.dataset;
  const OURS = "tminus-typed:", DAYS = 7 * 86400e3;
  const store = (() => { try { return window.localStorage; } catch { return null; } })();
  if (!store || !me) return;
  const kept = () => Object.keys(store).filter((key) => key.startsWith(OURS));
  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };

  const taken = /(?:^|; )tminus_taken=(\w+)/.exec(document.cookie);
  for (const key of kept()) {
    const one = read(key);
    if (!one || Date.now() - one.at > DAYS || (taken && one.id === taken[1])) store.removeItem(key);
  }
  if (taken) document.cookie = "tminus_taken=; path=/; max-age=0; samesite=lax";

  const fields = (form) => [...form.elements].filter((one) =>
    one.name && !one.name.startsWith("csrf") && one.name !== "_typed" && !/^(hidden|password|file|submit|button|image)$/.test(one.type));
  const changed = (one) => {
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") {
      const usual = [...one.options].filter((option) => option.defaultSelected).map((option) => option.value);
      return one.value !== (usual[0] ?? one.options[0]?.value ?? "");
    }
    return one.value !== one.defaultValue;
  };
  // One page has many forms with one address: what is hidden in them tells them apart.
  const keyOf = (form) => {
    const hidden = [...form.querySelectorAll("input[type=hidden]")].filter((one) => !/^(csrf|_typed)/.test(one.name));
    const action = new URL(form.getAttribute("action") || location.pathname, location.href).pathname;
    return `${OURS}${me}:${location.pathname}:${action}:${hidden.map((one) => one.value).join("|")}`;
  };
  let leaving = false; // signed out: nothing is kept any more, also by a timer still running
  const keep = (form) => {
    if (leaving) return null;
    const values = fields(form).filter(changed).map((one) => [one.name, one.type, one.value, one.checked ?? null]);
    if (!values.length) { store.removeItem(keyOf(form)); return null; }
    const before = read(keyOf(form));
    const one = { id: before?.id ?? Math.random().toString(36).slice(2), at: Date.now(), values };
    try { store.setItem(keyOf(form), JSON.stringify(one)); } catch { return null; } // full: typing goes on without it
    return one;
  };
  const putBack = (form, one) => {
    let any = false;
    for (const [name, type, value, checked] of one.values) {
      const alike = fields(form).filter((field) => field.name === name && field.type === type);
      const field = /^(checkbox|radio)$/.test(type) ? alike.find((each) => each.value === value) : alike[0];
      if (!field) continue;
      const differs = /^(checkbox|radio)$/.test(type) ? field.checked !== checked : field.value !== value;
      if (!differs) continue;
      if (/^(checkbox|radio)$/.test(type)) field.checked = checked; else field.value = value;
      any = true;
    }
    return any;
  };
  const tell = (form) => {
    const note = document.createElement("p"), drop = document.createElement("button");
    note.className = "kept"; note.setAttribute("role", "status"); note.textContent = `${words.kept} `;
    drop.type = "button"; drop.className = "link"; drop.textContent = words.drop;
    drop.addEventListener("click", () => { form.reset(); store.removeItem(keyOf(form)); note.remove(); });
    note.append(drop);
    form.prepend(note);
    form.closest("details")?.setAttribute("open", "");
  };

  const keeps = (form) => form?.matches("form[method=post]:not([data-fleeting])") && fields(form).length > 0
    && !form.querySelector("input[type=password]");
  // Words are worth keeping as they are typed; a ticked box or a chosen line only once it has been sent.
  const wordy = (form) => fields(form).some((one) => /^(text|search|textarea|number|date|email|tel|url)$/.test(one.type) && changed(one) && one.value);
  for (const form of document.forms) {
    if (!keeps(form)) continue;
    const one = read(keyOf(form));
    if (one && putBack(form, one)) tell(form);
  }
  const timers = new WeakMap();
  const later = (typing) => {
    const form = typing.target.form;
    if (!keeps(form)) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => { if (wordy(form)) keep(form); else store.removeItem(keyOf(form)); }, 250));
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  document.addEventListener("submit", (submit) => {
    const form = submit.target;
    if (submit.defaultPrevented || form.method !== "post") return;
    const now = keeps(form) ? keep(form) : null;
    clearTimeout(timers.get(form));
    if (!navigator.onLine) { // the browser's own error page would stand in the way
      submit.preventDefault();
      offline();
      return;
    }
    if (!now) return;
    let field = form.querySelector("input[name=_typed]");
    if (!field) { field = document.createElement("input"); field.type = "hidden"; field.name = "_typed"; form.append(field); }
    field.value = now.id;
  });
  const offline = () => {
    let line = document.getElementById("offline");
    if (!line) {
      line = document.createElement("div");
      line.id = "offline"; line.className = "flash"; line.setAttribute("role", "alert");
      line.innerHTML = "<p class='flash-error'></p>";
      document.querySelector(".page-head").after(line);
    }
    line.firstChild.textContent = words.offline;
    line.scrollIntoView({ block: "nearest" });
  };
  addEventListener("online", () => document.getElementById("offline")?.remove());

  // Signing out on a shared device leaves nothing behind.
  document.querySelector("form[data-sign-out]")?.addEventListener("submit", () => {
    leaving = true;
    for (const key of kept()) if (key.startsWith(`${OURS}${me}:`)) store.removeItem(key);
  });
})();
