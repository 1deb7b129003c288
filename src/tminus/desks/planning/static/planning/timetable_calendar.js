// Arrow keys move over the days; Page Up and Page Down go to the month before and after.
(() => {
  "use strict";
  const month = document.querySelector(".month");
  if (!month) return;
  const days = [...month.querySelectorAll("a.day")];
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  const turn = (which) => document.querySelector(`[data-${which}]`).click();
  month.addEventListener("keydown", (press) => {
    const cell = press.target.closest("td");
    if (!cell || press.altKey || press.ctrlKey || press.metaKey) return;
    if (press.key === "PageUp" || press.key === "PageDown") {
      press.preventDefault();
      turn(press.key === "PageUp" ? "previous" : "next");
      return;
    }
    const step = STEPS[press.key];
    if (!step) return;
    press.preventDefault();
    const at = days.indexOf(cell.querySelector("a.day")) + step;
    if (days[at]) days[at].focus();
    else turn(step < 0 ? "previous" : "next");
  });
})();
