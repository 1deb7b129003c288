/** The event's own drawing of the ground, painted once for each view and moved along while it is dragged. */
import type { DayDocument } from "./document";
import { View } from "./view";

export interface Shape { area: boolean; d: string; fill?: string; stroke?: string; width?: number; dash?: string }
export interface GroundDrawing { box: [number, number, number, number]; width: number; height: number; shapes: Shape[] }

const PLAIN = "#f4f3ee";
const SETTLED_MS = 120;

export class Ground {
  private readonly paths: { path: Path2D; shape: Shape }[];
  private readonly place: DOMMatrix | null;
  private readonly painted = document.createElement("canvas");
  private at: View | null = null;
  private timer = 0;

  constructor(drawing: GroundDrawing | null, day: DayDocument, private readonly settled: () => void) {
    this.place = drawing ? metres(drawing, day) : null;
    this.paths = this.place && drawing ? drawing.shapes.map((shape) => ({ path: new Path2D(shape.d), shape })) : [];
  }

  draw(pen: CanvasRenderingContext2D, view: View, width: number, height: number): void {
    pen.fillStyle = PLAIN;
    pen.fillRect(0, 0, width, height);
    if (!this.paths.length) return;
    const ratio = window.devicePixelRatio || 1;
    const resized = this.painted.width !== Math.round(width * ratio) || this.painted.height !== Math.round(height * ratio);
    if (!this.at || resized) this.paint(view, width, height);
    const was = this.at as View;
    if (was.scale !== view.scale || was.x !== view.x || was.y !== view.y) {
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => { this.at = null; this.settled(); }, SETTLED_MS);
    }
    const by = view.scale / was.scale;
    pen.drawImage(this.painted, view.x - was.x * by, view.y - was.y * by, width * by, height * by);
  }

  private paint(view: View, width: number, height: number): void {
    const ratio = window.devicePixelRatio || 1;
    [this.painted.width, this.painted.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    const pen = this.painted.getContext("2d");
    if (!pen || !this.place) return;
    const base = new DOMMatrix([ratio, 0, 0, ratio, 0, 0]);
    const map = base.multiply(new DOMMatrix([view.scale, 0, 0, -view.scale, view.x, view.y])).multiply(this.place);
    pen.setTransform(map);
    const dot = ratio / Math.hypot(map.a, map.b); // one pixel, in units of the drawing
    for (const { path, shape } of this.paths) {
      if (shape.fill) { pen.fillStyle = shape.fill; pen.fill(path); }
      if (!shape.stroke) continue;
      pen.strokeStyle = shape.stroke;
      pen.lineWidth = (shape.width ?? 1) * dot;
      pen.setLineDash((shape.dash ?? "").split(/[ ,]+/).filter(Boolean).map((part) => Number(part) * dot));
      pen.stroke(path);
    }
    this.at = view.copy();
  }
}

/** From units of the drawing, which runs down from its north edge, to metres of the day. */
function metres(drawing: GroundDrawing, day: DayDocument): DOMMatrix | null {
  if (!day.degrees || !drawing.shapes.length) return null;
  const [kx, ky, lon, lat] = day.degrees, [west, south, east, north] = drawing.box;
  const across = ((east - west) / drawing.width) * kx, down = ((north - south) / drawing.height) * ky;
  return new DOMMatrix([across, 0, 0, -down, (west - lon) * kx, (north - lat) * ky]);
}

