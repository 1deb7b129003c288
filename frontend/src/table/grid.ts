/**
 * The grid: rows drawn only while they are in sight, one cell under the cursor, rows that can be ticked.
 *
 * Keys: arrows, Page Up, Page Down, Home, End; ← on the first cell folds a branch and → unfolds it; Enter opens the
 * record; where rows can be ticked Space ticks, Shift with ↑ ↓ extends, Ctrl A ticks all, Escape unticks.
 */
import { type Column, type Row, type Rows, type Shown, type View } from "./rows";
import "./table.css";

const ROW = 29;
const SPARE = 12;

export interface Place {
  row: Row;
  column: Column;
  cell: HTMLElement;
}

export interface Hooks {
  /** Fill a cell; without it, the plain value. */
  draw?(cell: HTMLElement, row: Row, column: Column): void;
  /** A key that is not the grid's own, or a double click; true when it was taken. */
  press?(key: string, at: Place): boolean;
  /** The rows that are ticked have changed; present only where rows can be ticked. */
  ticked?(ids: ReadonlySet<string>): void;
  /** Order, filter or columns have changed. */
  viewed?(view: View): void;
}

export class Grid {
  readonly element = make("div", "grid-table");
  readonly ticks = new Set<string>();
  shown: Shown[] = [];
  private row = 0;
  private column = 0;
  private waiting = 0;
  private held: HTMLElement | null = null;
  private readonly lines = new Map<number, HTMLElement>();
  private readonly head = make("div", "grid-head", "row");
  private readonly body = make("div", "grid-body", "rowgroup");

  constructor(host: HTMLElement, private rows: Rows, private columns: Column[], private readonly view: View, private readonly hooks: Hooks = {}) {
    this.element.setAttribute("role", "treegrid");
    this.element.setAttribute("aria-label", host.dataset.label ?? document.title);
    if (hooks.ticked) this.element.setAttribute("aria-multiselectable", "true");
    this.element.tabIndex = 0;
    this.head.setAttribute("aria-rowindex", "1");
    this.element.append(this.head, this.body);
    host.replaceChildren(this.element);
    this.listen();
    this.layout();
    this.renew();
  }

  /** Other rows: the cursor stays on its row, ticks on theirs. */
  setRows(rows: Rows): void {
    const here = this.here()?.row.id;
    for (const id of this.rows.folded) rows.folded.add(id);
    this.rows = rows;
    this.renew(here);
  }

  setColumns(columns: Column[]): void {
    this.columns = columns;
    this.column = Math.min(this.column, columns.length - 1);
    this.layout();
    this.renew(this.here()?.row.id);
  }

  filter(text: string): void {
    if (text === this.view.filter) return;
    this.view.filter = text;
    this.element.scrollTop = 0;
    this.row = 0;
    this.renew();
  }

  /** The cell under the cursor. */
  here(): Place | null {
    const found = this.shown[this.row];
    const column = this.columns[this.column];
    const cell = this.lines.get(this.row)?.children[this.column] as HTMLElement | undefined;
    return found && column && cell ? { row: found.row, column, cell } : null;
  }

  /** Rows from the cursor downwards, columns from the cursor to the right. */
  from(): { rows: Row[]; columns: Column[] } {
    return { rows: this.shown.slice(this.row).map((one) => one.row), columns: this.columns.slice(this.column) };
  }

  move(rows: number, columns = 0): void {
    this.column = Math.max(0, Math.min(this.column + columns, this.columns.length - 1));
    this.go(this.row + rows);
  }

  /** Keep the line of `cell` in the page while something is typed into it; null lets it go. */
  hold(cell: HTMLElement | null): void {
    this.held?.classList.remove("typing");
    this.held = cell?.parentElement ?? null;
    this.held?.classList.add("typing");
    if (!cell) this.renew(this.here()?.row.id);
  }

  untick(): void {
    this.ticks.clear();
    this.tickChanged();
  }

  private layout(): void {
    const width = (one: Column): string => (one.fixed ? `${one.width ?? 90}px` : `minmax(${one.width ?? 90}px, 1fr)`);
    const widths = this.columns.map((one, at) => (at ? width(one) : "minmax(var(--first), 3fr)"));
    const least = this.columns.slice(1).reduce((sum, one) => sum + (one.width ?? 90), 0);
    this.element.style.setProperty("--columns", widths.join(" "));
    this.element.style.setProperty("--rest", `${least}px`);
    this.element.setAttribute("aria-colcount", String(this.columns.length));
  }

  private listen(): void {
    this.element.addEventListener("scroll", () => this.later(), { passive: true });
    this.element.addEventListener("keydown", (press) => this.press(press));
    this.body.addEventListener("click", (click) => this.click(click));
    this.head.addEventListener("click", (click) => this.order(columnOf(click)));
    this.head.addEventListener("keydown", (press) => {
      if (press.key !== "Enter" && press.key !== " ") return;
      press.preventDefault();
      press.stopPropagation();
      const key = columnOf(press);
      this.order(key);
      this.head.querySelector<HTMLElement>(`[data-key="${key}"]`)?.focus();
    });
    new ResizeObserver(() => this.later()).observe(this.element);
  }

  /** Ascending, descending, then the outline again. */
  private order(key: string | undefined): void {
    if (!key) return;
    if (this.view.sort !== key) Object.assign(this.view, { sort: key, descending: false });
    else if (!this.view.descending) this.view.descending = true;
    else Object.assign(this.view, { sort: null, descending: false });
    this.renew(this.here()?.row.id);
  }

  private renew(keep?: string): void {
    this.shown = this.rows.shown(this.view);
    const kept = keep === undefined ? -1 : this.shown.findIndex((one) => one.row.id === keep);
    this.row = Math.max(0, Math.min(kept >= 0 ? kept : this.row, this.shown.length - 1));
    this.element.setAttribute("aria-rowcount", String(this.shown.length + 1));
    this.body.style.height = `${this.shown.length * ROW}px`;
    this.drawHead();
    for (const [index, line] of this.lines) if (line !== this.held) { line.remove(); this.lines.delete(index); }
    this.draw();
    this.hooks.viewed?.(this.view);
  }

  private drawHead(): void {
    this.head.replaceChildren(
      ...this.columns.map((column, at) => {
        const cell = make("div", column.number ? "number" : "", "columnheader", column.label);
        cell.dataset.key = column.key;
        cell.tabIndex = 0;
        cell.setAttribute("aria-colindex", String(at + 1));
        if (this.view.sort === column.key) cell.setAttribute("aria-sort", this.view.descending ? "descending" : "ascending");
        return cell;
      }),
    );
  }

  private later(): void {
    if (!this.waiting) this.waiting = requestAnimationFrame(() => this.draw());
  }

  /** Lines that come into sight are made, lines that leave it are taken away, the others stay as they are. */
  private draw(): void {
    this.waiting = 0;
    const first = Math.max(0, Math.floor(this.element.scrollTop / ROW) - SPARE);
    const last = Math.min(this.shown.length, Math.ceil((this.element.scrollTop + this.element.clientHeight) / ROW) + SPARE);
    for (const [index, line] of this.lines)
      if ((index < first || index >= last) && line !== this.held) { line.remove(); this.lines.delete(index); }
    const made: HTMLElement[] = [];
    for (let index = first; index < last; index++) {
      const one = this.shown[index];
      if (!one || this.lines.has(index)) continue;
      const line = this.line(one, index);
      this.lines.set(index, line);
      made.push(line);
    }
    this.body.append(...made);
    this.mark();
  }

  private line({ row, depth, branch }: Shown, index: number): HTMLElement {
    const line = make("div", "grid-row", "row");
    line.dataset.index = String(index);
    line.dataset.id = row.id;
    line.style.top = `${index * ROW}px`;
    line.setAttribute("aria-rowindex", String(index + 2));
    line.setAttribute("aria-level", String(depth + 1));
    if (branch) line.setAttribute("aria-expanded", String(this.open(row.id)));
    this.columns.forEach((column, at) => {
      const cell = make("div", column.number ? "number" : "", at ? "gridcell" : "rowheader");
      cell.id = `cell-${index}-${at}`;
      if (this.hooks.draw) this.hooks.draw(cell, row, column);
      else cell.textContent = String(row.cells[column.key] ?? "");
      if (!at) cell.style.paddingLeft = `${8 + depth * 16}px`;
      if (!at && this.hooks.ticked) cell.prepend(tick());
      line.append(cell);
    });
    return line;
  }

  /** Show where the cursor is and which rows are ticked. */
  private mark(): void {
    for (const [index, line] of this.lines) {
      const ticked = this.ticks.has(line.dataset.id ?? "");
      const here = index === this.row;
      line.setAttribute("aria-selected", String(this.hooks.ticked ? ticked : here));
      line.classList.toggle("here", here);
      const box = line.querySelector<HTMLInputElement>("input[type=checkbox]");
      if (box) box.checked = ticked;
    }
    for (const old of this.body.querySelectorAll(".cursor")) old.classList.remove("cursor");
    const cell = this.here()?.cell;
    cell?.classList.add("cursor");
    if (cell) this.element.setAttribute("aria-activedescendant", cell.id);
    else this.element.removeAttribute("aria-activedescendant");
  }

  private open(id: string): boolean {
    return this.view.filter.trim() !== "" || !this.rows.folded.has(id);
  }

  private click(click: MouseEvent): void {
    const target = click.target as HTMLElement;
    const line = target.closest<HTMLElement>("[data-index]");
    if (!line || target.closest("a, input:not([type=checkbox])")) return;
    const from = this.row;
    this.row = Number(line.dataset.index);
    const at = [...line.children].findIndex((cell) => cell.contains(target));
    if (at >= 0) this.column = at;
    if (target.matches("input[type=checkbox]")) this.tick(click.shiftKey ? from : this.row, this.row, (target as HTMLInputElement).checked);
    else if (at === 0 && line.hasAttribute("aria-expanded") && click.offsetX < parseFloat((target as HTMLElement).style.paddingLeft || "0") + 14) this.fold(this.open(line.dataset.id ?? ""));
    this.mark();
    const here = this.here();
    if (click.detail === 2 && here && !this.hooks.press?.("dblclick", here)) this.enter();
  }

  private press(press: KeyboardEvent): void {
    if ((press.target as HTMLElement).closest("input:not([type=checkbox]), .grid-head")) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2);
    const step = (by: number): void => { const from = this.row; this.go(this.row + by); if (press.shiftKey && this.hooks.ticked) this.tick(from, this.row, true); };
    const acts: Record<string, () => void> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      PageDown: () => step(page),
      PageUp: () => step(-page),
      Home: () => this.go(0),
      End: () => this.go(this.shown.length - 1),
      ArrowLeft: () => this.sideways(-1),
      ArrowRight: () => this.sideways(1),
    };
    if (this.hooks.ticked) {
      acts[" "] = () => { const id = this.shown[this.row]?.row.id ?? ""; this.tick(this.row, this.row, !this.ticks.has(id)); };
      if (this.ticks.size) acts.Escape = () => this.untick();
    }
    const here = this.here();
    if (press.ctrlKey || press.metaKey) {
      if (press.key !== "a" || !this.hooks.ticked) return;
      press.preventDefault();
      return this.tick(0, this.shown.length - 1, true);
    }
    if (press.altKey) return;
    if (acts[press.key]) { press.preventDefault(); acts[press.key]?.(); }
    else if (here && this.hooks.press?.(press.key, here)) press.preventDefault();
    else if (press.key === "Enter") { press.preventDefault(); this.enter(); }
  }

  private sideways(by: number): void {
    const here = this.shown[this.row];
    if (this.column === 0 && here?.branch && this.open(here.row.id) === by < 0) return this.fold(by < 0);
    this.move(0, by);
    this.here()?.cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private tick(from: number, to: number, on: boolean): void {
    for (let index = Math.min(from, to); index <= Math.max(from, to); index++) {
      const id = this.shown[index]?.row.id;
      if (id && on) this.ticks.add(id);
      else if (id) this.ticks.delete(id);
    }
    this.tickChanged();
  }

  private tickChanged(): void {
    this.mark();
    this.hooks.ticked?.(this.ticks);
  }

  private go(index: number): void {
    this.row = Math.max(0, Math.min(index, this.shown.length - 1));
    const top = this.row * ROW;
    const room = this.element.clientHeight - this.head.offsetHeight - ROW;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top > this.element.scrollTop + room) this.element.scrollTop = top - room;
    this.draw();
  }

  private fold(folded: boolean): void {
    const here = this.shown[this.row];
    if (!here?.branch) return;
    if (folded) this.rows.folded.add(here.row.id);
    else this.rows.folded.delete(here.row.id);
    this.renew(here.row.id);
  }

  private enter(): void {
    const url = this.shown[this.row]?.row.url;
    if (url) location.assign(url);
  }
}

export function make(tag: string, name = "", role = "", text = ""): HTMLElement {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (role) element.setAttribute("role", role);
  if (text) element.textContent = text;
  return element;
}

function tick(): HTMLElement {
  const box = make("input") as HTMLInputElement;
  box.type = "checkbox";
  box.tabIndex = -1;
  box.setAttribute("aria-hidden", "true"); // the row's aria-selected says it
  return box;
}

function columnOf(event: Event): string | undefined {
  return (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset.key;
}
