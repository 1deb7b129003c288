/** A simulated day as `formats/crowd/replay_data.py` tells it: everything by slot, elements by their place in a list. */
export type Language = "en" | "zh";
export type Words = Record<Language, string>;
export type Series = Record<string, number[]>;
export const LEVELS = "ABCDEF";

export interface DayNode { id: string; kind: string; x: number; y: number; en: string; zh: string; room?: number }
export interface Way { id: string; kind: string; from: number; to: number; width: number; walked: number; line?: string; shape?: number[] }
export interface Gate { node: number; queue: number[]; wait_s: (number | null)[]; served: number[]; longest: number; lanes: number[] }
export interface Hop { line: number; from: number; to: number; runs: number[]; on: number[]; room: number[] }
export interface Stop { line: number; node: number; boarded: number[]; left: number[] }
export type Sort = "way" | "gate" | "stop";
export interface Worst { kind: Sort; at: number; slot: number; from: number; to: number; level: string | null; value: number; persons: number; minutes: number }
export type Window = [number, number, number, number];

export interface DayDocument {
  name: Words;
  start: string | null;
  slot_s: number;
  times: string[];
  degrees: [number, number, number, number] | null;
  windows: { city?: Window; site?: Window };
  nodes: DayNode[];
  ways: Way[];
  levels: string[];
  persons: Series;
  density: Series;
  passed: [Series, Series];
  waiting: Series;
  gates: Gate[];
  vehicles: { lines: string[]; hops: Hop[]; stops: Stop[] };
  curves: Record<"site" | "halls" | "ways" | "rides" | "queues" | "home", number[]>;
  worst: Worst[];
  day: Record<string, unknown>;
}

/** What was chosen on the map or in a list: a way or a node by its place. */
export interface Chosen { kind: "way" | "node"; at: number }

export function clock(day: DayDocument, slot: number): string {
  return (day.times[slot] ?? "").replace(/^.*T/, "").slice(0, 5);
}

export function nodeName(day: DayDocument, at: number, language: Language): string {
  return day.nodes[at]?.[language] ?? "";
}

/** A way is called by its ends; where both bear one name, by its id too. */
export function wayName(day: DayDocument, at: number, language: Language): string {
  const way = day.ways[at];
  if (!way) return "";
  const [from, to] = [nodeName(day, way.from, language), nodeName(day, way.to, language)];
  return from === to ? `${from} (${way.id})` : `${from} – ${to}`;
}

export function nameOf(day: DayDocument, chosen: Chosen, language: Language): string {
  return chosen.kind === "way" ? wayName(day, chosen.at, language) : nodeName(day, chosen.at, language);
}

export function levelAt(day: DayDocument, slot: number, way: number): number {
  return Math.max(0, LEVELS.indexOf(day.levels[slot]?.[way] ?? "A"));
}

export function at(series: Series, element: number, slot: number): number {
  return series[element]?.[slot] ?? 0;
}

/** Left behind by all vehicles of a slot. */
export function leftBehind(day: DayDocument): number[] {
  const sum = day.times.map(() => 0);
  for (const stop of day.vehicles.stops) stop.left.forEach((n, slot) => (sum[slot] = (sum[slot] ?? 0) + n));
  return sum;
}

/** Mean wait at all gates, minutes, of who was served in the slot; null: nobody was. */
export function meanWait(day: DayDocument): (number | null)[] {
  return day.times.map((_, slot) => {
    let [sum, served] = [0, 0];
    for (const gate of day.gates) {
      const wait = gate.wait_s[slot], n = gate.served[slot] ?? 0;
      if (wait !== null && wait !== undefined) [sum, served] = [sum + wait * n, served + n];
    }
    return served ? sum / served / 60 : null;
  });
}
