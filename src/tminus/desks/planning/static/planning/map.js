// Pan, zoom and the day slider of the server-drawn map. Marks keep their size while the ground grows.
// A mark opens its place in the list.
(() => {
  "use strict";
  const map = document.querySelector("svg.map");
  if (!map || map.closest(".gl")) return; // the browser's own map has taken over
  const whole = [0, 0, 1000, Number(map.dataset.height)];
  let box = [...whole];
  const dots = [...map.querySelectorAll(".place .dot")];
  const draw = () => {
    if (!map.clientWidth || !map.clientHeight) { requestAnimationFrame(draw); return; } // not laid out yet
    map.setAttribute("viewBox", box.join(" "));
    const size = Math.max(box[2] / map.clientWidth, box[3] / map.clientHeight);
    for (const dot of dots) dot.setAttribute("transform", `scale(${size})`);
    map.classList.toggle("near", box[2] < 320);
  };
  const zoom = (factor, cx = box[0] + box[2] / 2, cy = box[1] + box[3] / 2) => {
    const width = Math.min(Math.max(box[2] / factor, 6), whole[2] * 1.2);
    const scale = width / box[2];
    box = [cx - (cx - box[0]) * scale, cy - (cy - box[1]) * scale, width, box[3] * scale];
    draw();
  };
  const at = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  map.addEventListener("wheel", (wheel) => { wheel.preventDefault(); zoom(wheel.deltaY < 0 ? 1.25 : 0.8, ...at(wheel)); }, { passive: false });
  map.addEventListener("pointerdown", (down) => {
    if (down.target.closest(".place")) return;
    const from = at(down);
    const move = (event) => { const to = at(event); box[0] -= to[0] - from[0]; box[1] -= to[1] - from[1]; draw(); };
    const up = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", up); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", up);
  });
  const fit = (selector) => {
    const parts = [...map.querySelectorAll(selector)].map((part) => part.getBBox()).filter((b) => b.width);
    if (!parts.length) return;
    const left = Math.min(...parts.map((b) => b.x)), top = Math.min(...parts.map((b) => b.y));
    const right = Math.max(...parts.map((b) => b.x + b.width)), bottom = Math.max(...parts.map((b) => b.y + b.height));
    const pad = Math.max(right - left, bottom - top) * 0.12;
    box = [left - pad, top - pad, right - left + 2 * pad, bottom - top + 2 * pad];
    draw();
  };
  for (const button of document.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => { const factor = Number(button.dataset.zoom); if (factor) zoom(factor); else { box = [...whole]; draw(); } });
  const venue = document.querySelector("[data-venue]");
  venue?.addEventListener("click", () => fit(venue.dataset.venue || ".k-venue"));

  const slider = document.querySelector("[data-day]");
  if (slider) {
    const name = (n) => (n > 0 ? `T+${n}` : `T-${-n}`);
    const field = slider.form.querySelector("input[name=t]");
    slider.addEventListener("input", () => { slider.form.querySelector("output").textContent = name(Number(slider.value)).replace("-", "−"); field.value = name(Number(slider.value)); });
    slider.addEventListener("change", () => slider.form.requestSubmit());
  }
  const open = () => { const card = document.getElementById(decodeURIComponent(location.hash.slice(1))); if (card?.matches("details")) card.open = true; };
  addEventListener("hashchange", open);
  open();
  addEventListener("resize", draw);
  // Begin where work is, not at the edge of the drawing.
  const places = [...map.querySelectorAll(".place")].map((one) => [Number(one.dataset.x), Number(one.dataset.y)]);
  if (places.length > 1) {
    const xs = places.map((one) => one[0]), ys = places.map((one) => one[1]);
    const left = Math.min(...xs), top = Math.min(...ys);
    const width = Math.max(...xs) - left, height = Math.max(...ys) - top, pad = Math.max(width, height) * 0.15 + 10;
    box = [left - pad, top - pad, width + 2 * pad, height + 2 * pad];
  }
  draw();
})();
