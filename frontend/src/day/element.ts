/** HTML made without markup: what comes from data is text, never read as markup. */
type Child = Node | string;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K, given: Record<string, string> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

export function drawn(name: string, given: Record<string, string | number>, ...children: Child[]): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(given)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

export function button(words: string, act: () => void, given: Record<string, string> = {}): HTMLButtonElement {
  const made = element("button", { type: "button", class: "plain small", ...given }, words);
  made.addEventListener("click", act);
  return made;
}

export interface Column { title: string; figure?: boolean }

/** A table with its head; a cell is text or made already. */
export function table(columns: Column[], rows: Child[][], caption: string): HTMLTableElement {
  const look = (n: number): Record<string, string> => (columns[n]?.figure ? { class: "number" } : {});
  const head = element("tr", {}, ...columns.map((one, n) => element("th", { scope: "col", ...look(n) }, one.title)));
  const body = rows.map((row) => element("tr", {}, ...row.map((cell, n) =>
    n ? element("td", { ...look(n), "data-label": columns[n]?.title ?? "" }, cell) : element("th", { scope: "row" }, cell))));
  return element("table", { class: "day-table", "aria-label": caption }, element("thead", {}, head), element("tbody", {}, ...body));
}
