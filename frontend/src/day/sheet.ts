/** The one thing chosen on the map: what it is, its figures now and its curve over the day. */
import { Chart, type Line } from "./charts";
import { at, levelAt, nameOf, type Chosen, type DayDocument, type Language } from "./document";
import { button, element } from "./element";
import { badge } from "./badge";
import { number, type Say } from "./words";

type Fact = [string, string | Node];

export class Sheet {
  readonly box: HTMLElement;
  private readonly facts = element("dl", { class: "day-facts" });
  private readonly charts: { chart: Chart; day: DayDocument }[];

  constructor(private readonly days: DayDocument[], private readonly chosen: Chosen, private readonly language: Language, private readonly say: Say, go: (slot: number) => void, close: () => void) {
    const [day] = days as [DayDocument];
    const lines = days.flatMap((one) => linesOf(one, chosen, say).map((line) => (days.length > 1 ? { ...line, name: `${one.name[language]}: ${line.name}` } : line)));
    this.charts = lines.length ? [{ chart: new Chart(say.about, lines, day, language, go, chosen.kind === "way" ? 1 : 0), day }] : [];
    this.box = element("section", { class: "day-sheet", "aria-live": "polite" },
      element("div", { class: "day-sheet-head" }, element("h3", {}, nameOf(day, chosen, language)), button("×", close, { "aria-label": say.close })),
      this.facts, ...this.charts.map((one) => one.chart.box));
  }

  show(slot: number): void {
    const told = this.days.flatMap((day) => this.factsOf(day, slot).map(([word, fact]): Fact => [this.days.length > 1 ? `${day.name[this.language]}: ${word}` : word, fact]));
    this.facts.replaceChildren(...told.flatMap(([word, fact]) => [element("dt", {}, word), element("dd", {}, fact)]));
    for (const { chart } of this.charts) chart.show(slot);
  }

  private factsOf(day: DayDocument, slot: number): Fact[] {
    const { chosen, language, say } = this;
    if (chosen.kind === "way") {
      const passed = at(day.passed[0], chosen.at, slot) + at(day.passed[1], chosen.at, slot);
      const rated: Fact[] = day.ways[chosen.at]?.walked
        ? [[say.level_, badge(levelAt(day, slot, chosen.at))], [say.density, number(at(day.density, chosen.at, slot), language, 2)]] : [];
      return [...rated, [say.persons, number(at(day.persons, chosen.at, slot), language)], [say.passed, number(passed, language)]];
    }
    const gate = day.gates.find((one) => one.node === chosen.at);
    if (gate) {
      const wait = gate.wait_s[slot] ?? null, lanes: Fact[] = gate.lanes.length ? [[say.lanes, number(gate.lanes[slot], language)]] : [];
      return [[say.queue, number(gate.queue[slot], language)], [say.wait, number(wait === null ? null : wait / 60, language, 1)], [say.passed, number(gate.served[slot], language)], ...lanes];
    }
    const room = day.nodes[chosen.at]?.room, there = number(at(day.waiting, chosen.at, slot), language);
    const stops = day.vehicles.stops.filter((one) => one.node === chosen.at);
    const vehicles = stops.flatMap((stop): Fact[] => {
      const line = `${say.line} ${day.vehicles.lines[stop.line] ?? ""}`;
      return [[`${line}: ${say.boarded}`, number(stop.boarded[slot], language)], [`${line}: ${say.left}`, number(stop.left[slot], language)]];
    });
    return [[say.persons, room ? `${there} / ${number(room, language)}` : there], ...vehicles];
  }
}

function linesOf(day: DayDocument, chosen: Chosen, say: Say): Line[] {
  if (chosen.kind === "way") return [{ name: say.persons, values: day.persons[chosen.at] ?? day.times.map(() => 0) }];
  const gate = day.gates.find((one) => one.node === chosen.at);
  if (gate) return [{ name: say.queue, values: gate.queue }];
  return [{ name: say.persons, values: day.waiting[chosen.at] ?? day.times.map(() => 0) }];
}
