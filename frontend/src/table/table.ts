/**
 * A plain table of many rows: only what is in sight is drawn.
 *
 * `<div data-table data-source="/rows.json" data-label="Tasks">` around the server's plain table; the plain table stays
 * until the rows have come, and stays for good if they do not. An `<input data-filter>` on the page filters by typing.
 * Filter and order are kept in the address (`?q=`, `?sort=`), so a view can be saved and sent.
 */
import { Grid } from "./grid";
import { Rows, type TableData, type View } from "./rows";

export async function mountTable(element: HTMLElement): Promise<void> {
  const source = element.dataset.source;
  if (!source) throw new Error("a table needs data-source, the address of its rows");
  const answer = await fetch(source, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const data = (await answer.json()) as TableData;
  const view = viewOfAddress();
  const grid = new Grid(element, new Rows(data), data.columns, view, { viewed: keepInAddress });
  const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
  if (!filter) return;
  filter.value = view.filter;
  filter.addEventListener("input", () => grid.filter(filter.value));
}

function viewOfAddress(): View {
  const asked = new URLSearchParams(location.search);
  const sort = asked.get("sort");
  return { filter: asked.get("q") ?? "", sort: sort?.replace(/^-/, "") || null, descending: sort?.startsWith("-") ?? false };
}

function keepInAddress(view: View): void {
  const address = new URL(location.href);
  if (view.filter) address.searchParams.set("q", view.filter);
  else address.searchParams.delete("q");
  if (view.sort) address.searchParams.set("sort", (view.descending ? "-" : "") + view.sort);
  else address.searchParams.delete("sort");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

for (const element of document.querySelectorAll<HTMLElement>("[data-table][data-source]")) void mountTable(element);
