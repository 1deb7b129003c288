// Ctrl-K, or the search link: tasks, units, people, places, pages and acts by name. Without this file the link opens
// the search page, which finds the same.
(() => {
  "use strict";
  const opener = document.querySelector("a[data-palette]");
  if (!opener || !window.HTMLDialogElement) return;
  const words = opener.dataset;
  const marks = document.getElementById("palette-marks");
  const make = (tag, attributes = {}, ...inside) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };
  const field = make("input", {
    type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "palette-list", "aria-autocomplete": "list",
    "aria-label": words.label, placeholder: words.label, maxlength: "200", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
  });
  const list = make("div", { id: "palette-list", role: "listbox", "aria-label": words.label });
  const said = make("p", { class: "note", role: "status" });
  const close = make("button", { type: "button", class: "button small" }, words.close);
  const dialog = make("dialog", { class: "palette", "aria-label": words.label }, make("div", { class: "palette-head" }, field, close), list, said);
  document.body.append(dialog);

  let asked = null, timer = 0, last = null, active = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const mark = (at) => {
    const all = options();
    active = all.length ? (at + all.length) % all.length : -1;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === active)));
    if (active < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  };
  const option = (hit, number) => {
    const made = make("a", { id: `palette-${number}`, role: "option", href: hit.url, tabindex: "-1", "aria-selected": "false" });
    const shape = hit.status && marks?.content.querySelector(`[data-status="${hit.status}"] svg`);
    if (shape) made.append(shape.cloneNode(true));
    made.append(make("span", {}, hit.title), make("small", {}, hit.detail));
    return made;
  };
  const draw = (found) => {
    list.replaceChildren();
    let number = 0;
    for (const group of found.groups) {
      const head = make("h3", { id: `palette-g-${group.kind}`, role: "presentation" }, group.label);
      list.append(make("div", { role: "group", "aria-labelledby": head.id }, head, ...group.hits.map((hit) => option(hit, number++))));
    }
    field.setAttribute("aria-expanded", String(number > 0));
    said.textContent = number ? "" : words.none.replace("…", found.text);
    if (number && found.groups.some((group) => group.more)) {
      said.replaceChildren(make("a", { href: `${opener.pathname}?q=${encodeURIComponent(found.text)}` }, words.all));
    }
    mark(0);
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text === last) return;
    if (asked) asked.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${opener.pathname}palette/?q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (answer.redirected) { location.assign(opener.href); return; } // the session has ended
      if (!answer.ok) throw new Error(String(answer.status));
      draw(await answer.json());
      last = text;
    } catch (error) {
      if (error.name === "AbortError") return;
      last = null;
      said.textContent = words.lost;
    }
  };
  const open = () => {
    if (dialog.open) return;
    dialog.showModal();
    field.select();
    ask();
  };
  const go = (chosen, aside) => {
    if (!chosen) return;
    if (aside) window.open(chosen.href, "_blank", "noopener");
    else location.assign(chosen.href);
  };

  opener.addEventListener("click", (click) => {
    if (click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    open();
  });
  addEventListener("keydown", (press) => {
    if ((press.ctrlKey || press.metaKey) && !press.altKey && press.key.toLowerCase() === "k") { press.preventDefault(); open(); }
  });
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 70); });
  field.addEventListener("keydown", (press) => {
    if (press.isComposing) return; // Enter there ends the writing of a Chinese word
    if (press.key === "ArrowDown") { press.preventDefault(); mark(active + 1); }
    if (press.key === "ArrowUp") { press.preventDefault(); mark(active - 1); }
    if (press.key === "Enter") {
      press.preventDefault();
      clearTimeout(timer);
      ask().then(() => go(options()[active], press.ctrlKey || press.metaKey));
    }
    if (press.key === "Escape") { press.preventDefault(); press.stopPropagation(); dialog.close(); }
  });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (click) => { if (click.target === dialog) dialog.close(); }); // beside it
})();
