/** What a table shows, apart from how it is drawn: rows, order, filter, folded branches. */

export type Cell = string | number | boolean | null;

export interface Column {
  key: string;
  label: string;
  /** Numbers sort by size and stand at the right. */
  number?: boolean;
  /** Least width, in pixels; without one, 90. */
  width?: number;
  /** Never wider than `width`. */
  fixed?: boolean;
}

export interface Row {
  id: string;
  /** Id of the row it stands under; absent in a flat table. */
  parent?: string | null;
  /** Address of the record, opened by Enter. */
  url?: string;
  /** What the filter looks in; without it, every cell. */
  text?: string;
  cells: Record<string, Cell>;
}

export interface TableData {
  columns: Column[];
  rows: Row[];
}

export interface View {
  filter: string;
  sort: string | null;
  descending: boolean;
}

export interface Shown {
  row: Row;
  depth: number;
  branch: boolean;
}

export class Rows {
  private readonly children = new Map<string, Row[]>();
  private readonly texts = new Map<string, string>();
  readonly folded = new Set<string>();

  constructor(readonly data: TableData) {
    const known = new Set(data.rows.map((row) => row.id));
    for (const row of data.rows) {
      const under = row.parent && known.has(row.parent) ? row.parent : "";
      const siblings = this.children.get(under);
      if (siblings) siblings.push(row);
      else this.children.set(under, [row]);
      this.texts.set(row.id, (row.text ?? Object.values(row.cells).join("\u0000")).toLowerCase());
    }
  }

  isBranch(id: string): boolean {
    return this.children.has(id);
  }

  /** Rows in the order shown; a filter keeps a match together with the branches above it, unfolded. */
  shown(view: View): Shown[] {
    const words = view.filter.toLowerCase().split(/\s+/).filter(Boolean);
    const out: Shown[] = [];
    this.collect("", 0, words, this.order(view), out);
    return out;
  }

  private collect(under: string, depth: number, words: string[], order: ((a: Row, b: Row) => number) | null, out: Shown[]): boolean {
    const siblings = this.children.get(under) ?? [];
    let any = false;
    for (const row of order ? [...siblings].sort(order) : siblings) {
      const branch = this.children.has(row.id);
      const at = out.push({ row, depth, branch }) - 1;
      const text = this.texts.get(row.id) ?? "";
      const matches = words.every((word) => text.includes(word));
      const open = words.length > 0 || !this.folded.has(row.id);
      const below = branch && open && this.collect(row.id, depth + 1, words, order, out);
      if (matches || below) any = true;
      else out.length = at;
    }
    return any;
  }

  private order(view: View): ((a: Row, b: Row) => number) | null {
    const { sort, descending } = view;
    if (!sort) return null;
    const sign = descending ? -1 : 1;
    const collator = new Intl.Collator(undefined, { numeric: true });
    return (a, b) => {
      const [x, y] = [a.cells[sort] ?? null, b.cells[sort] ?? null];
      if (x === null || y === null) return Number(x === null) - Number(y === null);
      return sign * (typeof x === "number" && typeof y === "number" ? x - y : collator.compare(String(x), String(y)));
    };
  }
}
