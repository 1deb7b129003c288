// Drag a bar (or move it with the arrow keys): the side sheet says what would happen before anything is saved.
// What is drawn from a bar's end to another bar is in timetable_links.js, which uses the same side sheet.
(() => {
  "use strict";
  const chart = document.querySelector(".gantt");
  const sheet = document.querySelector(".sheet");
  if (!chart || !sheet) return;
  const perDay = Number(chart.dataset.perDay);
  const form = sheet.querySelector("form");
  const body = sheet.querySelector(".sheet-body");
  const words = sheet.dataset;
  let held = null;
  let asking = 0;

  const today = chart.querySelector("line.today");
  const names = chart.querySelector(".gantt-names");
  if (today && !chart.scrollLeft) {  // what is done lies to the left; the reader comes for what is not
    chart.scrollLeft = Math.max(Number(today.getAttribute("x1")) - (chart.clientWidth - names.offsetWidth) * 0.2, 0);
  }

  const shifted = (start, days) => {
    const at = new Date(`${start.slice(0, 10)}T00:00:00Z`);
    at.setUTCDate(at.getUTCDate() + days);
    return at.toISOString().slice(0, 10);
  };
  const place = () => held.group.setAttribute("transform", `translate(${held.days * perDay} 0)`);
  const putBack = () => {
    if (!held) { sheet.hidden = true; return; }
    held.group.removeAttribute("transform");
    held.group.classList.remove("moving");
    sheet.hidden = true;
    held = null;
  };
  const take = (group) => {
    if (held && held.group !== group) putBack();
    held = held || { group, days: 0 };
    group.classList.add("moving");
  };

  const line = (parent, tag, text, strong) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (strong) { const b = document.createElement("b"); b.textContent = strong; made.append(b); }
    parent.append(made);
    return made;
  };
  const list = (title, rows, show) => {
    line(body, "h3", title);
    if (!rows.length) { line(body, "p", words.wordsNone); return; }
    const made = document.createElement("ul");
    for (const row of rows) show(made, row);
    body.append(made);
  };
  const task = (ul, one) => {
    const made = line(ul, "li", one.name);
    const id = document.createElement("span");
    id.className = "id";
    id.textContent = ` ${one.key}`;
    made.append(id);
  };
  const show = (found) => {
    body.textContent = "";
    line(body, "h2", words.wordsTitle);
    form.hidden = false;
    form.querySelector(".primary").hidden = Boolean(found.error || found.stays);
    if (found.error) { line(body, "p", found.error); sheet.hidden = false; return; }
    if (found.landing) line(body, "p", found.landing).className = "landing";
    if (found.stays) {
      if (found.binds.length) list(words.wordsBinds, found.binds, task);
      if (found.remedies.length) list(words.wordsAvoid, found.remedies, (ul, one) => line(ul, "li", one.text));
      sheet.hidden = false;
      return;
    }
    list(`${words.wordsMoves}: ${found.moved_total}`, found.moved, (ul, one) =>
      line(ul, "li", `${one.name} · ${one.finish_before.slice(0, 10)} → ${one.finish.slice(0, 10)} · ${one.t}${one.holder ? ` · ${one.holder}` : ""}`, `${one.days > 0 ? "+" : ""}${one.days}`));
    list(words.wordsSlips, found.slips, (ul, one) => line(ul, "li", one.names.join(", ") + (one.tasks.length > one.names.length ? ` + ${one.tasks.length - one.names.length}` : ""), one.t));
    if (found.binds.length) list(words.wordsBinds, found.binds, task);
    if (found.slips.length || found.binds.length || found.misses_opening.length) list(`${words.wordsAvoid}${found.remedies_keep ? ` · ${found.remedies_keep}` : ""}`, found.remedies, (ul, one) => line(ul, "li", one.text));
    if (found.misses_opening.length) list(`${words.wordsMisses}: ${found.misses_opening.length}`, found.misses, task);
    line(body, "p", words.wordsSaved).className = "note";
    sheet.hidden = false;
  };
  const ask = async () => {
    if (!held) return;
    const { group, days } = held;
    const start = shifted(group.dataset.start, days);
    form.elements.task.value = group.dataset.key;
    form.elements.start.value = start;
    const query = new URLSearchParams({ task: group.dataset.key, start });
    const answer = await fetch(`${chart.dataset.whatIf}?${query}`, { headers: { Accept: "application/json" } });
    if (held && held.group === group && held.days === days) show(await answer.json());
  };

  chart.addEventListener("pointerdown", (down) => {
    const group = down.target.closest("g.movable");
    if (!group || down.button || down.target.closest(".handle")) return;
    down.preventDefault();
    group.focus();
    take(group);
    const from = down.clientX - held.days * perDay;
    const move = (at) => { if (held) { held.days = Math.round((at.clientX - from) / perDay); place(); } };
    const up = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      if (held && held.days) ask();
      else { putBack(); chart.dispatchEvent(new CustomEvent("tminus:links", { detail: { task: group.dataset.key } })); }
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
  });
  chart.addEventListener("keydown", (press) => {
    const group = press.target.closest && press.target.closest("g.movable");
    if (!group || !group.matches(".movable") || !["ArrowLeft", "ArrowRight"].includes(press.key)) return;
    press.preventDefault();
    take(group);
    held.days += press.key === "ArrowRight" ? 1 : -1;
    place();
    clearTimeout(asking);
    asking = setTimeout(ask, 150); // one question for a run of keys
  });
  addEventListener("keydown", (press) => { if (press.key === "Escape") putBack(); });
  sheet.querySelector("[data-put-back]").addEventListener("click", putBack);
  chart.addEventListener("tminus:links", putBack);

  // A form leads back to the same piece of the chart.
  const placeKey = `timetable ${location.pathname}${location.search}`;
  const kept = sessionStorage.getItem(placeKey);
  if (kept) { [chart.scrollLeft, chart.scrollTop] = JSON.parse(kept); sessionStorage.removeItem(placeKey); }
  sheet.addEventListener("submit", () => sessionStorage.setItem(placeKey, JSON.stringify([chart.scrollLeft, chart.scrollTop])));
})();
