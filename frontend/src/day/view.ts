/** Where metres lie on the canvas: moved, drawn nearer and farther. */
import type { Window } from "./document";

const NEAREST = 40;
const FARTHEST = 1e-4;

export class View {
  scale = 1;
  x = 0;
  y = 0;

  /** Show a window of metres in a canvas of so many pixels. */
  fit(window: Window, width: number, height: number): void {
    const [west, south, east, north] = window;
    this.scale = Math.min(width / Math.max(east - west, 1), height / Math.max(north - south, 1));
    this.x = width / 2 - (this.scale * (west + east)) / 2;
    this.y = height / 2 + (this.scale * (south + north)) / 2;
  }

  zoom(by: number, x: number, y: number): void {
    const to = Math.min(Math.max(this.scale * by, FARTHEST), NEAREST), real = to / this.scale;
    this.x = x - (x - this.x) * real;
    this.y = y - (y - this.y) * real;
    this.scale = to;
  }

  move(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
  }

  px(x: number): number {
    return this.x + this.scale * x;
  }

  py(y: number): number {
    return this.y - this.scale * y;
  }

  copy(): View {
    return Object.assign(new View(), this);
  }
}

/** Fit the canvas to its box in dots of the screen; a pen that draws in its pixels. */
export function sharp(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = window.devicePixelRatio || 1, { clientWidth: w, clientHeight: h } = canvas;
  const [wide, high] = [Math.max(1, Math.round(w * ratio)), Math.max(1, Math.round(h * ratio))];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser draws on no canvas");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
