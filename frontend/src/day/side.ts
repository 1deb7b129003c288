/** What stands beside the map: the thing chosen, the gates and ways now, the day's curves, the worst places, the whole. */
import { badge } from "./badge";
import type { Chart } from "./charts";
import { curvesOf } from "./curves";
import { at, clock, levelAt, LEVELS, nameOf, type Chosen, type DayDocument, type Language, type Worst } from "./document";
import { button, element, table } from "./element";
import { Sheet } from "./sheet";
import { number, type Say } from "./words";

const WAYS_TOLD = 6;
const CROWDED = 2;
const WORST_FIRST = 10;

export interface Reader {
  go(slot: number): void;
  choose(what: Chosen | null): void;
  see(slot: number, what: Chosen): void;
}

export class Side {
  readonly box: HTMLElement;
  private readonly sheetBox = element("div");
  private readonly now = element("div", { class: "day-nows" });
  private readonly title = element("h2");
  private readonly charts: Chart[];
  private sheet: Sheet | null = null;
  private slot = 0;

  constructor(private readonly days: DayDocument[], private readonly language: Language, private readonly say: Say, private readonly reader: Reader) {
    this.charts = curvesOf(days, language, say, (slot) => reader.go(slot));
    this.box = element("aside", { class: "day-side", tabindex: "0", "aria-label": say.side },
      this.sheetBox, this.title, this.now, ...this.charts.map((one) => one.box), ...days.flatMap((day) => this.worst(day)), this.whole());
  }

  show(slot: number): void {
    this.slot = slot;
    this.title.textContent = `${this.say.now} · ${clock(this.days[0] as DayDocument, slot)}`;
    this.now.replaceChildren(...this.gates(), ...this.days.flatMap((day) => [...this.ways(day), ...this.stops(day)]));
    for (const chart of this.charts) chart.show(slot);
    this.sheet?.show(slot);
  }

  choose(what: Chosen | null): void {
    this.sheet = what ? new Sheet(this.days, what, this.language, this.say, (slot) => this.reader.go(slot), () => this.reader.choose(null)) : null;
    this.sheetBox.replaceChildren(...(this.sheet ? [this.sheet.box] : []));
    this.sheet?.show(this.slot);
  }

  private named(day: DayDocument): string {
    return this.days.length > 1 ? `${day.name[this.language]} · ` : "";
  }

  private link(day: DayDocument, what: Chosen, slot = this.slot): HTMLElement {
    return button(nameOf(day, what, this.language), () => this.reader.see(slot, what), { class: "link" });
  }

  private gates(): Node[] {
    const { days, say, language, slot } = this, [first] = days as [DayDocument];
    if (!first.gates.length) return [];
    const columns = days.flatMap((day) => [say.queue, say.wait].map((word) => ({ title: this.named(day) + word, figure: true })));
    const rows = first.gates.map((gate) => {
      const id = first.nodes[gate.node]?.id;
      const cells = days.flatMap((day) => {
        const own = day.gates.find((one) => day.nodes[one.node]?.id === id), wait = own?.wait_s[slot] ?? null;
        return [number(own?.queue[slot], language), number(wait === null ? null : wait / 60, language)];
      });
      return [this.link(first, { kind: "node", at: gate.node }), ...cells];
    });
    return [table([{ title: say.gate }, ...columns], rows, say.gates)];
  }

  private ways(day: DayDocument): Node[] {
    const { say, language, slot } = this;
    const crowded = day.ways.map((way, n) => ({ n, level: way.walked && at(day.persons, n, slot) ? levelAt(day, slot, n) : 0, dense: at(day.density, n, slot) }))
      .filter((one) => one.level >= CROWDED).sort((a, b) => b.level - a.level || b.dense - a.dense).slice(0, WAYS_TOLD);
    if (!crowded.length) return [element("p", { class: "note" }, this.named(day) + say.none)];
    const rows = crowded.map((one) => [this.link(day, { kind: "way", at: one.n }), badge(one.level), number(one.dense, language, 2), number(at(day.persons, one.n, slot), language)]);
    return [table([{ title: this.named(day) + say.places }, { title: say.level_ }, { title: say.density, figure: true }, { title: say.persons, figure: true }], rows, this.named(day) + say.places)];
  }

  private stops(day: DayDocument): Node[] {
    const { say, language, slot } = this;
    const left = day.vehicles.stops.filter((one) => one.left[slot]).sort((a, b) => (b.left[slot] ?? 0) - (a.left[slot] ?? 0)).slice(0, WAYS_TOLD);
    if (!left.length) return [];
    const rows = left.map((one) => [this.link(day, { kind: "node", at: one.node }), day.vehicles.lines[one.line] ?? "", number(one.left[slot], language)]);
    return [table([{ title: this.named(day) + say.stops }, { title: say.line }, { title: say.left, figure: true }], rows, say.stops)];
  }

  private worst(day: DayDocument): Node[] {
    const { say, language } = this, title = element("h3", {}, this.named(day) + say.worst);
    if (!day.worst.length) return [title, element("p", { class: "note" }, say.calm)];
    const rows = day.worst.map((one) => {
      const what: Chosen = { kind: one.kind === "way" ? "way" : "node", at: one.at };
      const level = one.level ? [badge(Math.max(0, LEVELS.indexOf(one.level)))] : [];
      return [element("span", {}, this.link(day, what, one.slot), " ", ...level), this.spell(day, one), this.figure(one), number(one.minutes, language)];
    });
    const columns = [{ title: `${say.way} · ${say.gate} · ${say.stop_}` }, { title: say.when }, { title: say.about, figure: true }, { title: say.pressed, figure: true }];
    const caption = this.named(day) + say.worst, rest = rows.slice(WORST_FIRST);
    const more = element("details", {}, element("summary", {}, say.more.replace("{n}", String(rest.length))), table(columns, rest, `${caption} (2)`));
    return [title, table(columns, rows.slice(0, WORST_FIRST), caption), ...(rest.length ? [more] : []), element("p", { class: "note" }, say.pressedAbout)];
  }

  private spell(day: DayDocument, one: Worst): string {
    return `${clock(day, one.from)}–${clock(day, Math.min(one.to + 1, day.times.length - 1))}`;
  }

  private figure(one: Worst): string {
    const { say, language } = this, persons = number(one.persons, language);
    if (one.kind === "gate") return `${persons} · ${number(one.value / 60, language)} ${say.min}`;
    return one.kind === "stop" ? `${number(one.value, language)} ${say.left}` : `${persons} · ${number(one.value, language, 2)}/m²`;
  }

  private whole(): HTMLElement {
    const { days, say, language } = this;
    const figure = (day: DayDocument, key: string, per = 1, digits = 0): string => number(day.day[key] === null || day.day[key] === undefined ? null : Number(day.day[key]) / per, language, digits);
    const pressed = (day: DayDocument): string => {
      const by = day.day["person_minutes_by_level"] as Record<string, number> | undefined;
      return number((by?.["E"] ?? 0) + (by?.["F"] ?? 0), language);
    };
    const home = (day: DayDocument): string => {
      const last = day.day["last_arrival_s"];
      return typeof last === "number" ? minuteAfter(clock(day, 0), last) : "–";
    };
    const rows: [string, (day: DayDocument) => string][] = [
      [say.agents, (day) => figure(day, "agents")], [say.mean_wait, (day) => figure(day, "mean_wait_s", 60, 1)], [say.mean_lost, (day) => figure(day, "mean_lost_s", 60, 1)],
      [say.ef, pressed], [say.left_behind, (day) => figure(day, "left_behind")], [say.last, home], [say.stuck, (day) => figure(day, "stuck")], [say.incidents, (day) => figure(day, "incidents")],
      [say.model, (day) => String(day.day["fundamental_diagram"] ?? "")],
    ];
    const heads = days.map((day) => ({ title: days.length > 1 ? day.name[language] : say.about, figure: true }));
    return element("section", {}, element("h3", {}, say.whole), table([{ title: say.whole }, ...heads], rows.map(([word, of]) => [word, ...days.map(of)]), say.whole));
  }
}

/** The minute so many seconds after a time of the day. */
function minuteAfter(begin: string, seconds: number): string {
  const [hours = 0, minutes = 0] = begin.split(":").map(Number), at = hours * 60 + minutes + Math.floor(seconds / 60);
  return `${String(Math.floor(at / 60) % 24).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}
