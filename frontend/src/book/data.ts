/** The book as the server sends it, and as the grid shows it. */
import type { Cell, Column, Row } from "../table/rows";

export interface BookAnswer {
  fields: string[];
  rows: Cell[][];
  opening: string;
  today: string;
  /** Whether every row may be changed, else the codes of the units whose rows may. */
  acts_everywhere: boolean;
  actable: string[];
  /** Codes and names of what can be filled in. */
  named: Record<string, [code: string, name: string][]>;
}

export interface Choices {
  /** Code → name as shown. */
  names: Map<string, string>;
  /** Name as offered → code. */
  codes: Map<string, string>;
}

/** Fields whose value is the code of something with a name, and the list it is chosen from. */
export const CHOSEN: Record<string, string> = { responsible: "people", unit: "units", area: "areas", place: "places" };

export function choices(answer: BookAnswer): Record<string, Choices> {
  const out: Record<string, Choices> = {};
  for (const [field, list] of Object.entries(CHOSEN)) {
    const pairs = answer.named[list] ?? [];
    const seen = new Map<string, number>();
    for (const [, name] of pairs) seen.set(name, (seen.get(name) ?? 0) + 1);
    out[field] = {
      names: new Map(pairs),
      codes: new Map(pairs.map(([code, name]) => [(seen.get(name) ?? 0) > 1 ? `${name} (${code})` : name, code])),
    };
  }
  return out;
}

/** Rows for the grid; `address` opens a task, `chinese` says which of its names is shown. */
export function rowsOf(answer: BookAnswer, named: Record<string, Choices>, address: (key: string) => string, chinese: boolean): Row[] {
  const at = Object.fromEntries(answer.fields.map((field, index) => [field, index]));
  return answer.rows.map((values) => {
    const cells: Record<string, Cell> = {};
    for (const field of answer.fields) cells[field] = values[at[field] ?? -1] ?? null;
    const [english, other] = [String(cells.name_en ?? ""), String(cells.name_zh ?? "")];
    cells.name = chinese ? other || english : english || other;
    for (const field of Object.keys(CHOSEN)) {
      const code = String(cells[field] ?? "");
      cells[`${field}_name`] = (code && (named[field]?.names.get(code) ?? code)) || String(cells[`${field}_text`] ?? "");
    }
    const key = String(cells.key);
    const text = [key, english, other, cells.unit_name, cells.responsible_name].join("\u0000");
    return { id: key, parent: cells.parent as string | null, url: address(key), text, cells };
  });
}

/** The column whose cells are compared when a column is sorted: names, not codes. */
export function columnsOf(labels: [key: string, label: string][]): Column[] {
  const numbers = new Set(["percent", "float", "weight"]);
  const growing: Record<string, number> = { responsible_name: 110, unit_name: 130, area_name: 120, place_name: 110 };
  const fixed: Record<string, number> = { key: 84, status: 92, start: 152, finish: 152, deadline: 152, duration: 84, percent: 82, float: 66, phase: 90, weight: 72, reported_at: 132 };
  return labels.map(([key, label]) => ({ key, label, number: numbers.has(key), width: growing[key] ?? fixed[key] ?? 90, fixed: !(key in growing) }));
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `Mon 5 Nov · T−3`, as the server writes it. */
export function dayText(text: string, opening: string, chinese: boolean): [day: string, t: string] {
  const at = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const n = Math.round((at.getTime() - new Date(`${opening}T00:00:00Z`).getTime()) / 86_400_000);
  const t = n > 0 ? `T+${n}` : `T−${-n}`;
  const [weekday, month, day] = [at.getUTCDay(), at.getUTCMonth(), at.getUTCDate()];
  return [chinese ? `${month + 1}月${day}日 周${"日一二三四五六"[weekday]}` : `${DAYS[weekday]} ${day} ${MONTHS[month]}`, t];
}
