/**
 * The assignment book's table: every row at once, typed into, ticked, pasted into.
 *
 * `<div data-book …>` around the server's table, which stays where this cannot run. The find field filters while one
 * types; what is found, sorted and shown stands in the address. Every change is an act of the server's.
 */
import { Grid, make, type Place } from "../table/grid";
import { Rows, type Column, type Row, type View } from "../table/rows";
import "./book.css";
import { CHOSEN, choices, columnsOf, dayText, rowsOf, type BookAnswer, type Choices } from "./data";
import { edit } from "./editor";
import { review } from "./review";
import { Refused, Server, type CellChange, type Done } from "./server";

/** Column → the field that is set when it is typed into. */
const SET: Record<string, string> = { name: "name", responsible_name: "responsible", unit_name: "unit", area_name: "area", place_name: "place", start: "start", finish: "finish", deadline: "deadline", duration: "duration", percent: "percent", phase: "phase", weight: "weight" };
const LEAVES_ONLY = new Set(["responsible_name", "percent", "duration", "start", "finish"]);
const USUAL = ["name", "key", "status", "responsible_name", "unit_name", "start", "finish", "percent", "float"];
const MOST_CELLS = 2000;

class Book {
  private readonly words: DOMStringMap;
  private readonly chinese = document.documentElement.lang.startsWith("zh");
  private readonly server: Server;
  private readonly columns: Column[];
  private readonly view: View;
  private named: Record<string, Choices> = {};
  private opening = "";
  private everywhere = false;
  private actable = new Set<string>();
  private grid!: Grid;
  private typing = false;
  private readonly empty = make("p", "grid-empty");

  constructor(private readonly host: HTMLElement) {
    this.words = host.dataset;
    this.server = new Server({ rows: this.words.rows ?? "", cells: this.words.cells ?? "", undo: this.words.undo ?? "" }, this.words.lost ?? "");
    this.columns = columnsOf(JSON.parse(this.words.columns ?? "[]") as [string, string][]);
    const asked = new URLSearchParams(location.search);
    const sort = asked.get("sort");
    this.view = { filter: asked.get("text") ?? "", sort: sort?.replace(/^-/, "") || null, descending: sort?.startsWith("-") ?? false };
  }

  async begin(): Promise<void> {
    const answer = await this.server.rows().catch(() => null);
    if (!answer) return;
    const rows = this.take(answer);
    document.body.classList.add("book-live");
    for (const tools of document.querySelectorAll<HTMLElement>(".book-tools")) tools.hidden = false;
    this.grid = new Grid(this.host, rows, this.chosenColumns(), this.view, {
      draw: (cell, row, column) => this.draw(cell, row, column),
      press: (key, at) => this.press(key, at),
      ticked: (ids) => this.ticked(ids),
      viewed: (view) => this.viewed(view),
    });
    this.empty.textContent = this.words.none ?? "";
    this.grid.element.after(this.empty);
    this.listen();
    this.follow();
  }

  private take(answer: BookAnswer): Rows {
    this.named = choices(answer);
    this.opening = answer.opening;
    this.everywhere = answer.acts_everywhere;
    this.actable = new Set(answer.actable);
    const base = this.words.task ?? "";
    const rows = rowsOf(answer, this.named, (key) => base.replace("KEY", key.split("/").map(encodeURIComponent).join("/")), this.chinese);
    return new Rows({ columns: this.columns, rows });
  }

  private async renew(): Promise<void> {
    if (this.typing) return;
    const answer = await this.server.rows().catch(() => null); // offline: what is shown stays
    if (answer) this.grid.setRows(this.take(answer));
  }

  // What is shown

  private draw(cell: HTMLElement, row: Row, column: Column): void {
    const value = row.cells[column.key] ?? null;
    const summary = row.cells.kind === "summary";
    switch (column.key) {
      case "name": {
        const link = make("a", "", "", String(value)) as HTMLAnchorElement;
        link.href = row.url ?? "";
        link.tabIndex = -1;
        cell.append(link);
        if (row.cells.gate) cell.append(" ", make("span", "gate", "", "◆"));
        break;
      }
      case "status": {
        const mark = document.querySelector<HTMLTemplateElement>(`template[data-mark="${value}"]`);
        if (mark) cell.append(mark.content.cloneNode(true));
        break;
      }
      case "responsible_name":
        if (!value && !summary && row.cells.status !== "done") cell.append(make("span", "hole", "", this.words.hole ?? ""));
        else cell.textContent = String(value ?? "");
        break;
      case "start": case "finish": case "deadline":
        if (value) {
          const [day, t] = dayText(String(value), this.opening, this.chinese);
          cell.append(day, make("span", "t", "", ` · ${t}`));
        } else cell.textContent = column.key === "deadline" ? "" : "—";
        break;
      case "percent":
        cell.textContent = value === null || summary ? "" : `${Math.round(Number(value))} %`;
        break;
      case "float":
        if (value !== null) {
          cell.textContent = floatText(Number(value), this.words.days ?? "d");
          if (Number(value) < 0) cell.classList.add("hole");
        }
        break;
      default:
        cell.textContent = String(value ?? "");
    }
    if (column.key === "name" && row.cells.critical) cell.classList.add("critical");
  }

  private chosenColumns(): Column[] {
    const asked = new URLSearchParams(location.search).get("cols")?.split(",") ?? USUAL;
    const shown = this.columns.filter((one) => one.key === "name" || asked.includes(one.key));
    return shown.length > 1 ? shown : this.columns.filter((one) => USUAL.includes(one.key));
  }

  private viewed(view: View): void {
    const address = new URL(location.href);
    const keep = (name: string, value: string): void => { if (value) address.searchParams.set(name, value); else address.searchParams.delete(name); };
    keep("text", view.filter.trim());
    keep("sort", view.sort ? (view.descending ? "-" : "") + view.sort : "");
    address.searchParams.delete("offset");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-export]")) link.search = address.search;
    const count = document.querySelector<HTMLElement>("[data-count]");
    this.empty.hidden = !this.grid || this.grid.shown.length > 0;
    if (count && this.grid) count.textContent = (count.dataset.count ?? "").replace("#", String(this.grid.shown.length));
  }

  private listen(): void {
    const find = document.querySelector<HTMLInputElement>("input[data-filter]");
    find?.addEventListener("input", () => this.grid.filter(find.value));
    find?.addEventListener("keydown", (press) => { if (press.key === "ArrowDown") { press.preventDefault(); this.grid.element.focus(); } });
    find?.form?.addEventListener("submit", (submit) => this.asked(submit, find));
    for (const box of document.querySelectorAll<HTMLInputElement>("[data-column]")) {
      box.checked = this.chosenColumns().some((one) => one.key === box.dataset.column);
      box.addEventListener("change", () => this.choose());
    }
    this.viewed(this.view);
    this.grid.element.addEventListener("paste", (paste) => void this.paste(paste));
    this.grid.element.addEventListener("copy", (copy) => this.copy(copy));
    const bulk = document.querySelector<HTMLFormElement>("[data-bulk]");
    const field = bulk?.querySelector("select");
    field?.addEventListener("change", () => bulk && this.offer(bulk));
    bulk?.addEventListener("submit", (submit) => { submit.preventDefault(); void this.setTicked(bulk); });
    bulk?.querySelector("[data-untick]")?.addEventListener("click", () => this.grid.untick());
    if (bulk) this.offer(bulk);
  }

  /** Other filters load the page anew and keep order and columns; the find field has found already. */
  private asked(submit: SubmitEvent, find: HTMLInputElement): void {
    if (document.activeElement === find) {
      submit.preventDefault();
      return this.grid.element.focus();
    }
    const address = new URLSearchParams(location.search);
    for (const name of ["sort", "cols"]) {
      const value = address.get(name);
      if (!value || !find.form) continue;
      const kept = make("input") as HTMLInputElement;
      Object.assign(kept, { type: "hidden", name, value });
      find.form.append(kept);
    }
  }

  private choose(): void {
    const chosen = [...document.querySelectorAll<HTMLInputElement>("[data-column]:checked")].map((box) => box.dataset.column);
    const address = new URL(location.href);
    address.searchParams.set("cols", chosen.join(","));
    history.replaceState(history.state, "", address);
    this.grid.setColumns(this.chosenColumns());
  }

  /** Somebody else has changed the plan: the rows are fetched anew, at most once a second. */
  private follow(): void {
    if (!this.words.stream) return;
    let waiting = 0;
    const later = (): void => { waiting ||= window.setTimeout(() => { waiting = 0; void this.renew(); }, 1000); };
    const stream = new EventSource(this.words.stream);
    stream.addEventListener("record", (message) => {
      const line = JSON.parse((message as MessageEvent<string>).data) as { code?: string; object_type?: string };
      if (/^(planning|duty)\./.test(line.code ?? line.object_type ?? "")) later();
    });
    stream.addEventListener("refresh", later);
    addEventListener("pagehide", () => stream.close());
  }

  // What is changed

  private press(key: string, at: Place): boolean {
    const field = SET[at.column.key];
    const begins = key === "e" || key === "F2" || (key === "dblclick" && at.column.key !== "name");
    if (!begins || !field || !this.settable(at.row, at.column.key)) return false;
    this.typing = true;
    this.grid.hold(at.cell);
    edit({
      cell: at.cell,
      label: `${at.column.label}: ${at.row.id}`,
      value: this.valueOf(at.row, field),
      choices: this.named[field],
      save: async (value) => this.told(await this.server.change([{ task: at.row.id, field, value }])),
      done: (saved, step) => {
        this.typing = false;
        this.grid.hold(null);
        this.grid.element.focus();
        if (step) this.grid.move(0, step);
        if (saved) void this.renew();
      },
    });
    return true;
  }

  private settable(row: Row, column: string): boolean {
    if (LEAVES_ONLY.has(column) && row.cells.kind === "summary") return false;
    if (this.everywhere || this.actable.has(String(row.cells.unit ?? ""))) return true;
    return column === "percent" && Boolean(row.cells.responsible) && row.cells.responsible === this.words.person;
  }

  private valueOf(row: Row, field: string): string {
    const value = row.cells[field === "name" ? "name_en" : field];
    if (field === "percent") return value === null || value === undefined ? "" : `${Math.round(Number(value))}%`;
    return String(value ?? "");
  }

  private copy(copy: ClipboardEvent): void {
    if ((copy.target as HTMLElement).matches("input") || String(getSelection() ?? "")) return;
    const here = this.grid.here();
    const ticked = this.grid.shown.filter((one) => this.grid.ticks.has(one.row.id)).map((one) => one.row);
    const columns = ticked.length ? this.chosenColumns() : here ? [here.column] : [];
    const rows = ticked.length ? ticked : here ? [here.row] : [];
    const text = rows.map((row) => columns.map((one) => String(row.cells[one.key] ?? "").replace(/[\t\n]/g, " ")).join("\t")).join("\n");
    copy.clipboardData?.setData("text/plain", text);
    copy.preventDefault();
  }

  /** A block from a spreadsheet, laid down from the cursor to the right and downwards over cells that can be set. */
  private async paste(paste: ClipboardEvent): Promise<void> {
    if ((paste.target as HTMLElement).matches("input")) return;
    paste.preventDefault();
    const lines = (paste.clipboardData?.getData("text/plain") ?? "").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    const { rows, columns } = this.grid.from();
    const across = Math.max(...lines.map((line) => line.length));
    if (lines.length > rows.length || across > columns.length) {
      const block = (this.words.toowide ?? "").replace("#", `${lines.length} × ${across}`);
      return this.say(block.replace("#", `${rows.length} × ${columns.length}`), true);
    }
    await this.changeMany(lines.flatMap((values, down) => values.flatMap((typed, right) => this.laid(rows[down], columns[right], typed))));
  }

  /** A pasted value over a cell: what cannot be set is left out where it says what stands there already. */
  private laid(row: Row | undefined, column: Column | undefined, typed: string): CellChange[] {
    if (!row || !column) return [];
    const field = SET[column.key];
    if (field) return LEAVES_ONLY.has(column.key) && row.cells.kind === "summary" && !typed.trim() ? [] : [this.cell(row.id, field, typed)];
    return typed.trim() === String(row.cells[column.key] ?? "") ? [] : [{ task: row.id, field: column.key, value: typed.trim() }];
  }

  private cell(task: string, field: string, typed: string): CellChange {
    const value = typed.trim();
    return { task, field, value: this.named[field]?.codes.get(value) ?? value };
  }

  private async setTicked(form: HTMLFormElement): Promise<void> {
    const field = form.querySelector("select")?.value ?? "";
    const value = form.querySelector<HTMLInputElement>("input[name=value]")?.value ?? "";
    const shown = new Set(this.grid.shown.map((one) => one.row.id));
    if (await this.changeMany([...this.grid.ticks].filter((id) => shown.has(id)).map((id) => this.cell(id, field, value)))) this.grid.untick();
  }

  /** Show what would change, and change it when that is wanted. */
  private async changeMany(cells: CellChange[]): Promise<boolean> {
    const dialog = document.querySelector<HTMLDialogElement>("dialog[data-review]");
    if (!dialog || !cells.length) return false;
    if (cells.length > MOST_CELLS) { this.say((this.words.toomany ?? "").replace("#", String(cells.length)), true); return false; }
    try {
      const tried = await this.server.tryThem(cells);
      const wanted = await review(dialog, tried, (field) => this.label(field), (field, value) => this.named[field]?.names.get(value) ?? value);
      if (!wanted?.length) return false;
      this.told(await this.server.change(wanted.map(({ task, field, value }) => ({ task, field, value }))));
      await this.renew();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(error.message, true);
      return false;
    } finally {
      this.grid.element.focus();
    }
  }

  private label(field: string): string {
    const column = Object.keys(SET).find((key) => SET[key] === field);
    return this.columns.find((one) => one.key === column)?.label ?? field;
  }

  private ticked(ids: ReadonlySet<string>): void {
    const bulk = document.querySelector<HTMLElement>("[data-bulk]");
    if (!bulk) return;
    bulk.hidden = ids.size === 0;
    const said = bulk.querySelector<HTMLElement>("[data-ticked]");
    if (said) said.textContent = (said.dataset.ticked ?? "").replace("#", String(ids.size));
  }

  private offer(form: HTMLFormElement): void {
    const field = form.querySelector("select")?.value ?? "";
    const list = form.querySelector("datalist");
    const input = form.querySelector<HTMLInputElement>("input[name=value]");
    if (!list || !input) return;
    input.value = "";
    const named = CHOSEN[field] ? this.named[field] : undefined;
    list.replaceChildren(...[...(named?.codes.keys() ?? [])].map((name) => { const option = document.createElement("option"); option.value = name; return option; }));
  }

  private told(done: Done): void {
    this.say(done.said, false, done.undo);
  }

  /** The one line after an act, with undo where there is one. */
  private say(text: string, wrong: boolean, undo: number | null = null): void {
    const flash = document.querySelector<HTMLElement>("[data-flash]");
    if (!flash) return;
    const line = make("div", wrong ? "flash-error" : "flash-success");
    line.append(make("span", "", "", text));
    if (undo !== null) {
      const button = make("button", "button small", "", flash.dataset.undo ?? "") as HTMLButtonElement;
      button.type = "button";
      button.addEventListener("click", () => void this.takeBack(undo));
      line.append(" ", button);
    }
    flash.replaceChildren(line);
    flash.hidden = false;
  }

  private async takeBack(line: number): Promise<void> {
    try {
      this.say((await this.server.undo(line)).said, false);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.say(error.message, true);
    }
    await this.renew();
    this.grid.element.focus();
  }
}

/** `−12 d`, as the server writes it. */
function floatText(days: number, unit: string): string {
  const size = Math.abs(days);
  const sign = days < 0 ? "−" : days > 0 ? "+" : "";
  return `${sign}${size >= 10 || Number.isInteger(size) ? Math.round(size) : size.toFixed(1)} ${unit}`;
}

const host = document.querySelector<HTMLElement>("[data-book]");
if (host) void new Book(host).begin();
