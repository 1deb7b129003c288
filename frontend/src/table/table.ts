/**
 * A table of many rows: only what is in sight is drawn.
 *
 * `<div data-table data-source="/rows.json" data-label="Tasks">` around the server's plain table; the plain table stays
 * until the rows have come, and stays for good if they do not. An `<input data-filter>` on the page filters by typing.
 * Filter and order are kept in the address (`?q=`, `?sort=`), so a view can be saved and sent.
 */
import { Rows, type Shown, type TableData, type View } from "./rows";
import "./table.css";

const ROW = 29;
const SPARE = 12;

export async function mountTable(element: HTMLElement): Promise<void> {
  const source = element.dataset.source;
  if (!source) throw new Error("a table needs data-source, the address of its rows");
  const answer = await fetch(source, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  new Table(element, (await answer.json()) as TableData);
}

class Table {
  private readonly rows: Rows;
  private readonly view: View = viewOfAddress();
  private shown: Shown[] = [];
  private current = 0;
  private waiting = 0;
  private readonly grid = make("div", "grid-table");
  private readonly head = make("div", "grid-head");
  private readonly body = make("div", "grid-body");

  constructor(element: HTMLElement, private readonly data: TableData) {
    this.rows = new Rows(data);
    this.grid.setAttribute("role", "treegrid");
    this.grid.setAttribute("aria-label", element.dataset.label ?? document.title);
    this.grid.setAttribute("aria-colcount", String(data.columns.length));
    this.grid.tabIndex = 0;
    this.grid.style.setProperty("--columns", `minmax(260px, 2fr) repeat(${data.columns.length - 1}, minmax(90px, 1fr))`);
    this.grid.style.setProperty("--least", `${260 + 90 * (data.columns.length - 1)}px`);
    this.head.setAttribute("role", "row");
    this.head.setAttribute("aria-rowindex", "1");
    this.body.setAttribute("role", "rowgroup");
    this.grid.append(this.head, this.body);
    element.replaceChildren(this.grid);
    this.listen();
    this.renew();
  }

  private listen(): void {
    this.grid.addEventListener("scroll", () => this.later(), { passive: true });
    this.grid.addEventListener("keydown", (press) => this.press(press));
    this.body.addEventListener("click", (click) => this.click(click));
    this.head.addEventListener("click", (click) => this.order((click.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key));
    new ResizeObserver(() => this.later()).observe(this.grid);
    const filter = document.querySelector<HTMLInputElement>("input[data-filter]");
    if (!filter) return;
    filter.value = this.view.filter;
    filter.addEventListener("input", () => {
      this.view.filter = filter.value;
      this.grid.scrollTop = 0;
      this.current = 0;
      this.renew();
    });
  }

  private order(key: string | undefined): void {
    if (!key) return;
    this.view.descending = this.view.sort === key && !this.view.descending;
    this.view.sort = key;
    this.renew();
  }

  private renew(): void {
    this.shown = this.rows.shown(this.view);
    this.current = Math.max(0, Math.min(this.current, this.shown.length - 1));
    this.grid.setAttribute("aria-rowcount", String(this.shown.length + 1));
    this.body.style.height = `${this.shown.length * ROW}px`;
    this.drawHead();
    this.draw();
    keepInAddress(this.view);
  }

  private drawHead(): void {
    this.head.replaceChildren(
      ...this.data.columns.map((column) => {
        const cell = make("div", column.number ? "number" : "", "columnheader", column.label);
        cell.dataset.key = column.key;
        if (this.view.sort === column.key) cell.setAttribute("aria-sort", this.view.descending ? "descending" : "ascending");
        return cell;
      }),
    );
  }

  private later(): void {
    if (!this.waiting) this.waiting = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.waiting = 0;
    const first = Math.max(0, Math.floor(this.grid.scrollTop / ROW) - SPARE);
    const last = Math.min(this.shown.length, Math.ceil((this.grid.scrollTop + this.grid.clientHeight) / ROW) + SPARE);
    this.body.replaceChildren(...this.shown.slice(first, last).map((one, offset) => this.line(one, first + offset)));
    const here = this.body.querySelector('[aria-selected="true"]');
    if (here) this.grid.setAttribute("aria-activedescendant", here.id);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  private line({ row, depth, branch }: Shown, index: number): HTMLElement {
    const line = make("div", "grid-row", "row");
    line.id = `row-${row.id}`;
    line.dataset.index = String(index);
    line.style.top = `${index * ROW}px`;
    line.setAttribute("aria-rowindex", String(index + 2));
    line.setAttribute("aria-level", String(depth + 1));
    line.setAttribute("aria-selected", String(index === this.current));
    if (branch) line.setAttribute("aria-expanded", String(this.open(row.id)));
    this.data.columns.forEach((column, at) => {
      const cell = make("div", column.number ? "number" : "", at ? "gridcell" : "rowheader", String(row.cells[column.key] ?? ""));
      if (!at) cell.style.paddingLeft = `${8 + depth * 16}px`;
      line.append(cell);
    });
    return line;
  }

  private open(id: string): boolean {
    return this.view.filter.trim() !== "" || !this.rows.folded.has(id);
  }

  private click(click: MouseEvent): void {
    const line = (click.target as HTMLElement).closest<HTMLElement>("[data-index]");
    if (!line) return;
    this.go(Number(line.dataset.index));
    if (click.detail === 2) this.enter();
  }

  private press(press: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / ROW) - 2);
    const acts: Record<string, () => void> = {
      ArrowDown: () => this.go(this.current + 1),
      ArrowUp: () => this.go(this.current - 1),
      PageDown: () => this.go(this.current + page),
      PageUp: () => this.go(this.current - page),
      Home: () => this.go(0),
      End: () => this.go(this.shown.length - 1),
      ArrowLeft: () => this.fold(true),
      ArrowRight: () => this.fold(false),
      Enter: () => this.enter(),
    };
    const act = acts[press.key];
    if (!act || press.ctrlKey || press.metaKey || press.altKey) return;
    press.preventDefault();
    act();
  }

  private go(index: number): void {
    this.current = Math.max(0, Math.min(index, this.shown.length - 1));
    const top = this.current * ROW;
    const room = this.grid.clientHeight - this.head.offsetHeight - ROW;
    if (top < this.grid.scrollTop) this.grid.scrollTop = top;
    else if (top > this.grid.scrollTop + room) this.grid.scrollTop = top - room;
    this.draw();
  }

  private fold(folded: boolean): void {
    const here = this.shown[this.current];
    if (!here?.branch) return;
    if (folded) this.rows.folded.add(here.row.id);
    else this.rows.folded.delete(here.row.id);
    this.renew();
  }

  private enter(): void {
    const url = this.shown[this.current]?.row.url;
    if (url) location.assign(url);
  }
}

function make(tag: string, name = "", role = "", text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (role) element.setAttribute("role", role);
  if (text) element.textContent = text;
  return element;
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
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

for (const element of document.querySelectorAll<HTMLElement>("[data-table][data-source]")) void mountTable(element);
