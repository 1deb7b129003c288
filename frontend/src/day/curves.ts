/** What is drawn over the day beside the map: of one day several measures, of two days each measure of both. */
import { Chart, type Line } from "./charts";
import { leftBehind, meanWait, nodeName, type DayDocument, type Language } from "./document";
import type { Say } from "./words";

const GATES_DRAWN = 5;

export function curvesOf(days: DayDocument[], language: Language, say: Say, go: (slot: number) => void): Chart[] {
  const [day] = days as [DayDocument];
  const chart = (title: string, lines: Line[], digits = 0): Chart => new Chart(title, lines, day, language, go, digits);
  if (days.length > 1) {
    const both = (title: string, values: (day: DayDocument) => (number | null)[], digits = 0): Chart =>
      chart(title, days.map((one) => ({ name: one.name[language], values: values(one) })), digits);
    return [
      both(`${say.people}: ${say.onSite}`, (one) => one.curves.site),
      both(say.queues, (one) => one.curves.queues),
      both(say.waits, meanWait, 1),
      ...(days.some((one) => leftBehind(one).some(Boolean)) ? [both(say.leftBehind, leftBehind)] : []),
    ];
  }
  const gates = [...day.gates].sort((a, b) => b.longest - a.longest);
  const few = gates.length <= GATES_DRAWN ? gates : gates.slice(0, GATES_DRAWN);
  const some = (name: string, values: number[]): Line[] => (values.some(Boolean) ? [{ name, values }] : []);
  const people = [
    ...some(say.onSite, day.curves.site), ...some(say.inHalls, day.curves.halls), ...some(say.onRides, day.curves.rides), ...some(say.persons, day.curves.site.some(Boolean) ? [] : day.curves.ways),
  ];
  const left = leftBehind(day);
  return [
    ...(people.length ? [chart(say.people, people)] : []),
    ...(gates.length ? [chart(say.queues, few.map((gate) => ({ name: nodeName(day, gate.node, language), values: gate.queue })))] : []),
    ...(gates.length ? [chart(say.waits, few.map((gate) => ({ name: nodeName(day, gate.node, language), values: gate.wait_s.map((wait) => (wait === null ? null : wait / 60)) })), 1)] : []),
    ...(left.some(Boolean) ? [chart(say.leftBehind, [{ name: say.left, values: left }])] : []),
  ];
}
