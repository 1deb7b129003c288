// Links in the chart: drag from an end of a bar to another bar, or press L on one bar and Enter on the other;
// a click or Enter on a bar shows what it waits for. The side sheet holds the form; nothing is kept before it is sent.
(() => {
  "use strict";
  const chart = document.querySelector(".gantt");
  const sheet = document.querySelector(".sheet");
  if (!chart || !sheet) return;
  const svg = chart.querySelector(".gantt-chart svg");
  const body = sheet.querySelector(".sheet-body");
  const release = sheet.querySelector(":scope > form");
  const NS = "http://www.w3.org/2000/svg";
  let from = null; // the bar a link begins at, chosen by keyboard

  const close = () => {
    if (from) from.classList.remove("linking");
    from = null;
    sheet.hidden = true;
  };
  const show = async (asked) => {
    const query = new URLSearchParams({ ...asked, back: location.pathname + location.search });
    const answer = await fetch(`${chart.dataset.links}?${query}`);
    if (!answer.ok) { location.reload(); return; }
    release.hidden = true;
    body.innerHTML = await answer.text();
    sheet.hidden = false;
    const first = body.querySelector(".add-link button.primary") || body.querySelector("[data-close]");
    first.focus({ preventScroll: true });
  };
  chart.addEventListener("tminus:links", (event) => show(event.detail));
  chart.addEventListener("click", (click) => { // what cannot be moved any more still has links
    const group = click.target.closest("g.row[tabindex]:not(.movable)");
    if (group && !click.target.closest(".handle")) chart.dispatchEvent(new CustomEvent("tminus:links", { detail: { task: group.dataset.key } }));
  });
  sheet.addEventListener("click", (click) => { if (click.target.closest("[data-close]")) close(); });
  addEventListener("keydown", (press) => { if (press.key === "Escape") close(); });

  chart.addEventListener("keydown", (press) => {
    const group = press.target.closest && press.target.closest("g.row[tabindex]");
    if (!group || press.ctrlKey || press.metaKey || press.altKey) return;
    if (press.key === "Enter") {
      press.preventDefault();
      const asked = { task: group.dataset.key };
      if (from && from !== group) Object.assign(asked, { predecessor: from.dataset.key, kind: "FS" });
      if (from) from.classList.remove("linking");
      from = null;
      chart.dispatchEvent(new CustomEvent("tminus:links", { detail: asked }));
    } else if (press.key.toLowerCase() === "l") {
      if (from) from.classList.remove("linking");
      from = group;
      group.classList.add("linking");
      release.hidden = true;
      body.textContent = "";
      const title = document.createElement("h2");
      title.textContent = group.dataset.name;
      const said = document.createElement("p");
      said.textContent = sheet.dataset.wordsOther;
      body.append(title, said);
      sheet.hidden = false;
    }
  });

  // The ends of the bar under the pointer.
  const handles = ["S", "F"].map((side) => {
    const made = document.createElementNS(NS, "circle");
    made.setAttribute("r", 4.5);
    made.classList.add("handle");
    made.dataset.side = side;
    return made;
  });
  const put = (group) => {
    const { x, width, mid } = group.dataset;
    const tip = group.classList.contains("milestone") ? 9 : 5;
    const ends = group.classList.contains("milestone") ? [Number(x), Number(x)] : [Number(x), Number(x) + Number(width)];
    handles.forEach((handle, number) => {
      handle.setAttribute("cx", ends[number] + (number ? tip : -tip));
      handle.setAttribute("cy", mid);
      group.append(handle);
    });
  };
  svg.addEventListener("pointerover", (over) => {
    const group = over.target.closest("g.row");
    if (group && !group.contains(handles[0]) && !svg.querySelector(".rubber")) put(group);
  });

  const point = (at) => {
    const box = svg.getBoundingClientRect();
    return [at.clientX - box.left, at.clientY - box.top];
  };
  const barAt = (at) => {
    const [, y] = point(at);
    const group = document.elementFromPoint(at.clientX, at.clientY)?.closest?.("g.row");
    if (group) return group;
    return [...svg.querySelectorAll("g.row")].find((one) => Math.abs(Number(one.dataset.mid) - y) < 12) || null;
  };
  svg.addEventListener("pointerdown", (down) => {
    const handle = down.target.closest(".handle");
    if (!handle || down.button) return;
    down.preventDefault();
    const group = handle.closest("g.row");
    const rubber = document.createElementNS(NS, "line");
    rubber.classList.add("rubber");
    for (const [name, value] of [["x1", handle.getAttribute("cx")], ["y1", handle.getAttribute("cy")]]) rubber.setAttribute(name, value);
    svg.append(rubber);
    let target = null;
    const move = (at) => {
      const [x, y] = point(at);
      rubber.setAttribute("x2", x);
      rubber.setAttribute("y2", y);
      const next = barAt(at);
      if (target && target !== next) target.classList.remove("linking");
      target = next && next !== group ? next : null;
      if (target) target.classList.add("linking");
    };
    const up = (at) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      rubber.remove();
      if (!target) return;
      target.classList.remove("linking");
      const middle = Number(target.dataset.x) + Number(target.dataset.width) / 2;
      const side = point(at)[0] <= middle ? "S" : "F";
      chart.dispatchEvent(new CustomEvent("tminus:links", {
        detail: { task: target.dataset.key, predecessor: group.dataset.key, kind: handle.dataset.side + side },
      }));
    };
    move(down);
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
  });
})();
