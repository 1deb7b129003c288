/** Before many cells change: what each was, what it becomes, what cannot be taken. Nothing changes until it is said. */
import type { Tried, TriedCell } from "./server";

export function review(dialog: HTMLDialogElement, tried: Tried, label: (field: string) => string, shown: (field: string, value: string) => string): Promise<TriedCell[] | null> {
  const rows = tried.cells.filter((one) => one.problem || one.before !== one.after);
  const body = dialog.querySelector("tbody");
  const apply = dialog.querySelector<HTMLButtonElement>("[data-apply]");
  const summary = dialog.querySelector<HTMLElement>("[data-summary]");
  if (!body || !apply || !summary) return Promise.resolve(null);
  body.replaceChildren(...rows.slice(0, 500).map((one) => line(one, label, shown)));
  const words = summary.dataset;
  summary.textContent = [
    (words.changes ?? "").replace("#", String(tried.changes)),
    tried.problems ? (words.problems ?? "").replace("#", String(tried.problems)) : "",
    tried.changes === 0 && tried.problems === 0 ? (words.nothing ?? "") : "",
  ].filter(Boolean).join(" · ");
  apply.disabled = tried.changes === 0;
  apply.textContent = (tried.problems ? apply.dataset.rest : apply.dataset.all) ?? "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "apply" ? tried.cells.filter((one) => !one.problem && one.before !== one.after) : null), { once: true });
  });
}

function line(one: TriedCell, label: (field: string) => string, shown: (field: string, value: string) => string): HTMLTableRowElement {
  const row = document.createElement("tr");
  const after = one.problem ? one.problem : shown(one.field, one.after);
  for (const text of [`${one.task} ${one.name}`, label(one.field), shown(one.field, one.before) || "–", after || "–"]) {
    const cell = row.insertCell();
    cell.textContent = text;
  }
  if (one.problem) row.className = "problem";
  return row;
}
