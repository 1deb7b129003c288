/** Where ways and marks of a day lie, in metres; ways between the same ends side by side. */
import type { DayDocument, Way } from "./document";
import type { View } from "./view";

export interface Placed { line: Float32Array; side: number; width: number }
/** A mark that is drawn; those at one spot below one another. */
export interface Mark { node: number; kind: string; x: number; y: number; down: number; gate: number }

const HOLDING = new Set(["hall", "station", "platform", "stop", "plaza", "exit"]);

export function waysOf(day: DayDocument): Placed[] {
  const beside = new Map<string, number[]>();
  day.ways.forEach((way, n) => {
    const key = spot(day, way);
    beside.set(key, [...(beside.get(key) ?? []), n]);
  });
  return day.ways.map((way, n) => {
    const all = beside.get(spot(day, way)) ?? [n];
    const turned = spotKey(day, way.from) > spotKey(day, way.to) ? -1 : 1;
    return { line: lineOf(day, way), side: turned * (all.indexOf(n) - (all.length - 1) / 2), width: way.width };
  });
}

function lineOf(day: DayDocument, way: Way): Float32Array {
  if (way.shape) return Float32Array.from(way.shape);
  const [from, to] = [day.nodes[way.from], day.nodes[way.to]];
  return Float32Array.from([from?.x ?? 0, from?.y ?? 0, to?.x ?? 0, to?.y ?? 0]);
}

function spotKey(day: DayDocument, node: number): string {
  const found = day.nodes[node];
  return `${found?.x},${found?.y}`;
}

function spot(day: DayDocument, way: Way): string {
  return [spotKey(day, way.from), spotKey(day, way.to)].sort().join("|");
}

/** Gates that serve, places that hold people; a way out of a gate only where somebody waits there. */
export function marksOf(day: DayDocument): Mark[] {
  const gates = new Map(day.gates.map((gate, n) => [gate.node, n]));
  const below = new Map<string, number>();
  const found: Mark[] = [];
  day.nodes.forEach((node, n) => {
    const gate = gates.get(n) ?? -1;
    if (gate < 0 && !HOLDING.has(node.kind)) return;
    const key = `${node.kind === "hall"}${spotKey(day, n)}`, down = below.get(key) ?? 0;
    below.set(key, down + 1);
    found.push({ node: n, kind: gate >= 0 ? "gate" : node.kind, x: node.x, y: node.y, down, gate });
  });
  return found;
}

/** The line of a way in pixels, moved `aside` pixels to its right. */
export function pixels(line: Float32Array, view: View, aside: number): [number, number][] {
  const points: [number, number][] = [];
  for (let k = 0; k + 1 < line.length; k += 2) points.push([view.px(line[k] ?? 0), view.py(line[k + 1] ?? 0)]);
  if (!aside || points.length < 2) return points;
  const [first, last] = [points[0] as [number, number], points[points.length - 1] as [number, number]];
  const long = Math.hypot(last[0] - first[0], last[1] - first[1]);
  if (long < 1) return points;
  const [dx, dy] = [(-(last[1] - first[1]) / long) * aside, ((last[0] - first[0]) / long) * aside];
  return points.map(([x, y]) => [x + dx, y + dy]);
}

export function middle(points: [number, number][]): [number, number] {
  const half = Math.floor(points.length / 2), a = points[Math.max(half - 1, 0)], b = points[half];
  return a && b ? [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] : [0, 0];
}

/** Pixels from a point to a line of pixels. */
export function distance(x: number, y: number, points: [number, number][]): number {
  let least = Infinity;
  for (let k = 1; k < points.length; k++) {
    const [a, b] = [points[k - 1] as [number, number], points[k] as [number, number]];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const along = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / Math.max(dx * dx + dy * dy, 1e-9)));
    least = Math.min(least, Math.hypot(x - a[0] - along * dx, y - a[1] - along * dy));
  }
  return least;
}
