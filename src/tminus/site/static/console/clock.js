// The band's clock goes on between two pages where it runs at another speed than the real one.
(() => {
  "use strict";
  const shown = document.querySelector("[data-clock]");
  if (!shown) return;
  const from = Date.parse(`${shown.dataset.clock.replace(" ", "T")}Z`), began = performance.now(); // the event's own time, whatever its zone
  const rate = Number(shown.dataset.rate);
  const tick = () => { shown.textContent = new Date(from + (performance.now() - began) * rate).toISOString().slice(0, 16).replace("T", " "); };
  if (rate > 0) setInterval(tick, 1000);
})();
