/**
 * One slot of a day on a canvas: ways by level of service with their letter, vehicles by line and how full, queues at
 * gates as rings, halls as vessels. Strokes of one look are drawn together, so that a thousand ways take a few
 * milliseconds.
 */
import { at, levelAt, LEVELS, nodeName, type Chosen, type DayDocument, type Hop, type Language } from "./document";
import { distance, marksOf, middle, pixels, waysOf, type Mark, type Placed } from "./geometry";
import { EDGE, EMPTY, FILL, HALO, INK, INK_ON, lineColour, QUEUE, QUEUE_WORD, QUIET, RIDE, WAITING } from "./palette";
import type { View } from "./view";
import { number, SAY } from "./words";

const LETTER = 8;
const FACE = 'system-ui, "Noto Sans SC", sans-serif';
const NEAR = 0.04; // pixels a metre: nearer than this the site can be told apart
const FULL = 0.8;
const SMALLEST = 2.5;
const WIDEST = 14;

/** Rings by area: as many persons are as large everywhere on a map; on a narrow one all are smaller. */
function ring(persons: number, width: number): number {
  const share = Math.min(1, width / 720);
  return share * Math.min(80, 0.25 * Math.sqrt(persons));
}

export class Drawing {
  private readonly ways: Placed[];
  private readonly marks: Mark[];
  private taken: [number, number, number, number][] = [];
  private width = 0;
  private height = 0;

  constructor(private readonly day: DayDocument) {
    this.ways = waysOf(day);
    this.marks = marksOf(day);
  }

  draw(pen: CanvasRenderingContext2D, view: View, slot: number, language: Language, chosen: Chosen | null, size: [number, number]): void {
    [this.width, this.height] = size;
    this.taken = [];
    pen.lineCap = "round";
    pen.lineJoin = "round";
    this.rides(pen, view, slot);
    const letters = this.walked(pen, view, slot);
    this.hops(pen, view, slot);
    this.choose(pen, view, chosen);
    const seen = this.marks.filter((mark) => this.inSight(view.px(mark.x), view.py(mark.y), 80));
    for (const mark of seen) this.mark(pen, view, mark, slot);
    this.labels(pen, view, seen.filter((mark) => pressing(mark, chosen)), slot, language, chosen);
    this.letters(pen, letters);
    this.labels(pen, view, seen.filter((mark) => !pressing(mark, chosen)), slot, language, chosen);
  }

  private inSight(x: number, y: number, more: number): boolean {
    return x > -more && y > -more && x < this.width + more && y < this.height + more;
  }

  private strokes(pen: CanvasRenderingContext2D, buckets: Map<string, Path2D>, paint: (look: string) => void): void {
    for (const [look, path] of buckets) {
      paint(look);
      pen.stroke(path);
    }
  }

  /** Rides that stand for lines without vehicles: broken, wider with the persons on them. */
  private rides(pen: CanvasRenderingContext2D, view: View, slot: number): void {
    const buckets = new Map<string, Path2D>();
    this.day.ways.forEach((way, n) => {
      if (way.walked) return;
      const width = 1 + Math.min(4, Math.round(at(this.day.persons, n, slot) / 150));
      line(path(buckets, String(width)), pixels((this.ways[n] as Placed).line, view, 0));
    });
    pen.setLineDash([4, 5]);
    pen.strokeStyle = RIDE;
    this.strokes(pen, buckets, (look) => { pen.lineWidth = Number(look); });
    pen.setLineDash([]);
  }

  private walked(pen: CanvasRenderingContext2D, view: View, slot: number): [number, number, number][] {
    const buckets = new Map<string, Path2D>();
    const letters: [number, number, number][] = [];
    this.day.ways.forEach((way, n) => {
      if (!way.walked) return;
      const placed = this.ways[n] as Placed, width = Math.max(SMALLEST, Math.min(WIDEST, placed.width * view.scale));
      const points = pixels(placed.line, view, placed.side * (width + 3)), [x, y] = middle(points);
      const level = at(this.day.persons, n, slot) ? levelAt(this.day, slot, n) : -1;
      line(path(buckets, `${level},${Math.round(width * 2) / 2}`), points);
      if (level >= 2 && this.inSight(x, y, 0)) letters.push([x, y, level]);
    });
    const looks = new Map([...buckets].sort(([a], [b]) => parseInt(a) - parseInt(b)));
    for (const [look, drawn] of looks) {
      const [level, width] = look.split(",").map(Number) as [number, number];
      pen.lineWidth = width + 1.5;
      pen.strokeStyle = EDGE[level] ?? EMPTY.edge;
      pen.stroke(drawn);
      pen.lineWidth = width;
      pen.strokeStyle = FILL[level] ?? EMPTY.fill;
      pen.stroke(drawn);
    }
    return letters.sort((a, b) => b[2] - a[2]);
  }

  /** Vehicles from stop to stop, on the right: colour of the line, width and figure how full. */
  private hops(pen: CanvasRenderingContext2D, view: View, slot: number): void {
    const buckets = new Map<string, Path2D>();
    const full: [Hop, [number, number], number][] = [];
    for (const hop of this.day.vehicles.hops) {
      const [from, to] = [this.day.nodes[hop.from], this.day.nodes[hop.to]], room = hop.room[slot] ?? 0;
      if (!from || !to || !room) continue;
      const share = (hop.on[slot] ?? 0) / room, width = 1.5 + Math.round(6 * Math.min(share, 1.2));
      const points = pixels(Float32Array.from([from.x, from.y, to.x, to.y]), view, 2 + width / 2);
      line(path(buckets, `${hop.line},${width}`), points);
      if (share >= FULL) full.push([hop, middle(points), share]);
    }
    this.strokes(pen, buckets, (look) => {
      const [hop, width] = look.split(",").map(Number) as [number, number];
      pen.strokeStyle = lineColour(hop);
      pen.lineWidth = width;
    });
    for (const [hop, [x, y], share] of full.sort((a, b) => b[2] - a[2])) {
      const name = this.day.vehicles.lines[hop.line] ?? "";
      this.text(pen, `${name} · ${Math.round(share * 100)} %`, x + 8, y, lineColour(hop.line), 600);
    }
  }

  private choose(pen: CanvasRenderingContext2D, view: View, chosen: Chosen | null): void {
    if (!chosen) return;
    pen.strokeStyle = INK;
    pen.lineWidth = 2;
    const placed = chosen.kind === "way" ? this.ways[chosen.at] : undefined;
    if (placed) {
      const width = Math.max(SMALLEST, Math.min(WIDEST, placed.width * view.scale));
      const drawn = new Path2D(), points = pixels(placed.line, view, placed.side * (width + 3));
      line(drawn, points);
      pen.lineWidth = width + 7;
      pen.stroke(drawn);
      pen.lineWidth = width + 3;
      pen.strokeStyle = HALO;
      pen.stroke(drawn);
      pen.lineWidth = width;
      pen.strokeStyle = EDGE[3] ?? INK;
      pen.stroke(drawn);
      return;
    }
    const node = this.day.nodes[chosen.at];
    if (!node) return;
    pen.beginPath();
    pen.arc(view.px(node.x), view.py(node.y), 15, 0, 7);
    pen.stroke();
  }

  private mark(pen: CanvasRenderingContext2D, view: View, mark: Mark, slot: number): void {
    const [x, y] = [view.px(mark.x), view.py(mark.y)];
    if (mark.kind === "gate") this.gate(pen, x, y, mark, slot, view.scale > NEAR ? 5 : 2.5);
    else if (mark.kind === "hall") { if (view.scale > NEAR) this.hall(pen, x, y + 13 * mark.down, mark, slot); }
    else this.place(pen, view, x, y, mark, slot);
  }

  private gate(pen: CanvasRenderingContext2D, x: number, y: number, mark: Mark, slot: number, half: number): void {
    const radius = ring(this.day.gates[mark.gate]?.queue[slot] ?? 0, this.width);
    if (radius > 1) disc(pen, x, y, radius, QUEUE);
    pen.fillStyle = HALO;
    pen.strokeStyle = INK;
    pen.lineWidth = 1.5;
    pen.fillRect(x - half, y - half, 2 * half, 2 * half);
    pen.strokeRect(x - half, y - half, 2 * half, 2 * half);
  }

  /** A vessel filled by its share of the places. */
  private hall(pen: CanvasRenderingContext2D, x: number, y: number, mark: Mark, slot: number): void {
    const node = this.day.nodes[mark.node], there = at(this.day.waiting, mark.node, slot);
    const share = node?.room ? Math.min(1, there / node.room) : 0;
    pen.fillStyle = HALO;
    pen.fillRect(x - 17, y - 5, 34, 10);
    pen.fillStyle = "#7FA3D1";
    pen.fillRect(x - 17, y - 5, 34 * share, 10);
    pen.strokeStyle = WAITING;
    pen.lineWidth = 1;
    pen.strokeRect(x - 17, y - 5, 34, 10);
  }

  private place(pen: CanvasRenderingContext2D, view: View, x: number, y: number, mark: Mark, slot: number): void {
    const radius = ring(at(this.day.waiting, mark.node, slot), this.width);
    if (radius > 2) disc(pen, x, y, radius, WAITING);
    if (view.scale < NEAR && mark.kind !== "station") return;
    pen.fillStyle = "#465060";
    const half = view.scale < NEAR ? 1 : 2.5;
    pen.fillRect(x - half, y - half, 2 * half, 2 * half);
  }

  private letters(pen: CanvasRenderingContext2D, letters: [number, number, number][]): void {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `600 11px ${FACE}`;
    for (const [x, y, level] of letters) {
      if (!this.free(x - LETTER, y - LETTER, 2 * LETTER, 2 * LETTER)) continue;
      pen.beginPath();
      pen.arc(x, y, LETTER, 0, 7);
      pen.fillStyle = FILL[level] ?? HALO;
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = HALO;
      pen.stroke();
      pen.fillStyle = INK_ON[level] ?? INK;
      pen.fillText(LEVELS[level] ?? "", x, y + 0.5);
    }
  }

  /** Names and figures, the most pressing first, where there is room for them. */
  private labels(pen: CanvasRenderingContext2D, view: View, seen: Mark[], slot: number, language: Language, chosen: Chosen | null): void {
    const near = view.scale > NEAR;
    const told = seen.map((mark) => ({ mark, there: this.there(mark, slot), mine: chosen?.kind === "node" && chosen.at === mark.node }));
    const rank = (one: (typeof told)[number]): number =>
      (one.mine ? 4e6 : 0) + (one.mark.kind === "gate" ? 2e6 : 0) + (near && one.mark.kind === "hall" ? 1e6 : 0) + one.there;
    for (const one of told.sort((a, b) => rank(b) - rank(a))) {
      const { mark, there, mine } = one, gate = mark.kind === "gate", hall = mark.kind === "hall";
      if (!mine && !near && (hall || there < (gate ? 1 : 200))) continue;
      if (!mine && near && mark.kind === "platform" && there < 20) continue;
      const name = nodeName(this.day, mark.node, language), figure = there >= 1 ? number(there, language) : "";
      const y = view.py(mark.y) + (hall && near ? 13 * mark.down : 0), x = view.px(mark.x) + (hall && near ? 21 : 9);
      this.text(pen, `${name} ${figure}${this.waited(mark, slot, language)}`, x, y, gate && there >= 1 ? QUEUE_WORD : there >= 1 || gate || mine ? INK : QUIET, gate || mine ? 600 : 400);
    }
  }

  private there(mark: Mark, slot: number): number {
    return mark.gate >= 0 ? (this.day.gates[mark.gate]?.queue[slot] ?? 0) : at(this.day.waiting, mark.node, slot);
  }

  private waited(mark: Mark, slot: number, language: Language): string {
    const wait = mark.gate >= 0 ? this.day.gates[mark.gate]?.wait_s[slot] : null;
    return wait !== null && wait !== undefined && wait >= 60 ? ` · ${Math.round(wait / 60)} ${SAY[language].min}` : "";
  }

  private text(pen: CanvasRenderingContext2D, words: string, x: number, y: number, colour: string, weight: number): void {
    if (!this.inSight(x, y, 0)) return;
    pen.font = `${weight} 12px ${FACE}`;
    const width = pen.measureText(words).width;
    if (x + width > this.width - 4) x -= width + 18;
    if (!this.free(x - 2, y - 7, width + 4, 14)) return;
    pen.textAlign = "left";
    pen.textBaseline = "middle";
    pen.lineWidth = 3;
    pen.strokeStyle = HALO;
    pen.strokeText(words, x, y);
    pen.fillStyle = colour;
    pen.fillText(words, x, y);
  }

  /** Whether nothing is written there yet; from now on something is. */
  private free(x: number, y: number, width: number, height: number): boolean {
    if (this.taken.some(([a, b, c, d]) => x < a + c && a < x + width && y < b + d && b < y + height)) return false;
    this.taken.push([x, y, width, height]);
    return true;
  }

  /** The place or way under the pointer; places first. */
  pick(view: View, x: number, y: number, reach: number): Chosen | null {
    let best: [number, Chosen] | null = null;
    for (const mark of this.marks) {
      const down = mark.kind === "hall" && view.scale > NEAR ? 13 * mark.down : 0;
      const far = Math.hypot(view.px(mark.x) - x, view.py(mark.y) + down - y);
      if (far < reach && (!best || far < best[0])) best = [far, { kind: "node", at: mark.node }];
    }
    if (best) return best[1];
    this.day.ways.forEach((way, n) => {
      const placed = this.ways[n] as Placed, width = Math.max(SMALLEST, Math.min(WIDEST, placed.width * view.scale));
      const far = distance(x, y, pixels(placed.line, view, way.walked ? placed.side * (width + 3) : 0));
      if (far < reach && (!best || far < best[0])) best = [far, { kind: "way", at: n }];
    });
    return (best as [number, Chosen] | null)?.[1] ?? null;
  }

  /** Where something lies, in metres. */
  where(chosen: Chosen): [number, number] {
    const node = chosen.kind === "node" ? this.day.nodes[chosen.at] : undefined;
    if (node) return [node.x, node.y];
    const found = this.ways[chosen.at]?.line ?? new Float32Array(4), last = found.length - 2;
    return [((found[0] ?? 0) + (found[last] ?? 0)) / 2, ((found[1] ?? 0) + (found[last + 1] ?? 0)) / 2];
  }
}

/** What is told before the letters of ways take the room. */
function pressing(mark: Mark, chosen: Chosen | null): boolean {
  return mark.kind === "gate" || (chosen?.kind === "node" && chosen.at === mark.node);
}

function path(buckets: Map<string, Path2D>, look: string): Path2D {
  const known = buckets.get(look);
  if (known) return known;
  const made = new Path2D();
  buckets.set(look, made);
  return made;
}

function line(drawn: Path2D, points: [number, number][]): void {
  points.forEach(([x, y], k) => (k ? drawn.lineTo(x, y) : drawn.moveTo(x, y)));
}

function disc(pen: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 7);
  pen.globalAlpha = 0.22;
  pen.fillStyle = colour;
  pen.fill();
  pen.globalAlpha = 1;
  pen.lineWidth = 1.5;
  pen.strokeStyle = colour;
  pen.stroke();
}
