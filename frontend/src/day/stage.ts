/** One map of a day: its canvas, moved and drawn nearer by hand, wheel, fingers and keys. */
import { Drawing } from "./drawing";
import type { Chosen, DayDocument, Language } from "./document";
import { Ground, type GroundDrawing } from "./ground";
import { sharp, View } from "./view";
import type { Say } from "./words";

const FINGER = 14;
const DRAGGED = 4;

export interface Stage {
  moved?(view: View): void;
  chosen(what: Chosen | null): void;
}

export class DayStage {
  readonly canvas = document.createElement("canvas");
  readonly box = document.createElement("section");
  readonly view = new View();
  readonly drawing: Drawing;
  slot = 0;
  shown: Chosen | null = null;
  /** Milliseconds the last slot took to draw. */
  took = 0;
  private readonly ground: Ground;
  private window: "site" | "city" = "site";
  private touched = false;
  private fitted = false;
  private wished = 0;

  constructor(readonly day: DayDocument, ground: GroundDrawing | null, private readonly language: Language, private readonly say: Say, private readonly owner: Stage) {
    this.drawing = new Drawing(day);
    this.ground = new Ground(ground, day, () => this.ask());
    this.box.className = "day-stage";
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", `${day.name[language]}: ${say.map}`);
    this.box.append(this.canvas, this.buttons());
    this.listen();
    new ResizeObserver(() => { if (!this.touched) this.fit(); this.ask(); }).observe(this.canvas);
  }

  private buttons(): HTMLElement {
    const box = document.createElement("div");
    box.className = "day-zoom";
    const add = (words: string, act: () => void, label = ""): void => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "plain small";
      button.textContent = words;
      if (label) button.setAttribute("aria-label", label);
      button.addEventListener("click", act);
      box.append(button);
    };
    add("+", () => this.zoom(1.5), this.say.nearer);
    add("−", () => this.zoom(1 / 1.5), this.say.farther);
    if (this.day.windows.site) add(this.say.site, () => this.show("site"));
    if (this.day.windows.city) add(this.say.city, () => this.show("city"));
    return box;
  }

  /** Show one of the two windows. */
  show(window: "site" | "city"): void {
    this.window = window;
    this.touched = false;
    this.fit();
    this.owner.moved?.(this.view);
    this.ask();
  }

  private fit(): void {
    const window = this.day.windows[this.window] ?? this.day.windows.city ?? [0, 0, 1, 1];
    this.fitted = this.canvas.clientWidth > 0;
    this.view.fit(window, this.canvas.clientWidth, this.canvas.clientHeight);
  }

  zoom(by: number, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2): void {
    this.touched = true;
    this.view.zoom(by, x, y);
    this.owner.moved?.(this.view);
    this.ask();
  }

  /** Look where another map looks. */
  follow(view: View): void {
    this.touched = this.fitted = true;
    Object.assign(this.view, view);
    this.ask();
  }

  /** Bring something into sight where it is not. */
  goTo(what: Chosen): void {
    const [x, y] = this.drawing.where(what), { clientWidth: w, clientHeight: h } = this.canvas;
    const [px, py] = [this.view.px(x), this.view.py(y)];
    if (px < 40 || py < 40 || px > w - 40 || py > h - 40) this.view.move(w / 2 - px, h / 2 - py);
    this.touched = true;
    this.owner.moved?.(this.view);
    this.ask();
  }

  /** Draw with the next picture of the screen, once however often it is asked. */
  ask(): void {
    if (this.wished) return;
    this.wished = requestAnimationFrame(() => { this.wished = 0; this.draw(); });
  }

  draw(): void {
    if (!this.fitted) this.fit();
    const begun = performance.now(), pen = sharp(this.canvas), { clientWidth: w, clientHeight: h } = this.canvas;
    this.ground.draw(pen, this.view, w, h);
    this.drawing.draw(pen, this.view, this.slot, this.language, this.shown, [w, h]);
    this.took = performance.now() - begun;
    this.canvas.dataset.drawn = String(this.slot);
    this.canvas.dataset.took = this.took.toFixed(1);
  }

  private listen(): void {
    const held = new Map<number, [number, number]>();
    let far = 0;
    const { canvas } = this;
    canvas.addEventListener("wheel", (wheel) => { wheel.preventDefault(); this.zoom(wheel.deltaY < 0 ? 1.2 : 1 / 1.2, wheel.offsetX, wheel.offsetY); }, { passive: false });
    canvas.addEventListener("pointerdown", (down) => {
      if (!held.size) far = 0;
      held.set(down.pointerId, [down.clientX, down.clientY]);
      canvas.setPointerCapture(down.pointerId);
    });
    canvas.addEventListener("pointermove", (move) => {
      const was = held.get(move.pointerId);
      if (!was) return;
      const other = [...held].find(([id]) => id !== move.pointerId)?.[1];
      const [dx, dy] = [move.clientX - was[0], move.clientY - was[1]];
      far += Math.hypot(dx, dy);
      held.set(move.pointerId, [move.clientX, move.clientY]);
      if (other) this.pinch(was, [move.clientX, move.clientY], other);
      else if (far > DRAGGED) { this.touched = true; this.view.move(dx, dy); this.owner.moved?.(this.view); this.ask(); }
    });
    const up = (event: PointerEvent): void => {
      const last = held.delete(event.pointerId) && !held.size;
      if (!last || far > DRAGGED || event.type !== "pointerup") return;
      this.owner.chosen(this.drawing.pick(this.view, event.offsetX, event.offsetY, FINGER));
    };
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
  }

  private pinch(was: [number, number], now: [number, number], other: [number, number]): void {
    const box = this.canvas.getBoundingClientRect();
    const [before, after] = [was, now].map(([x, y]) => Math.hypot(x - other[0], y - other[1])) as [number, number];
    if (before > 8) this.zoom(after / before, other[0] - box.left, other[1] - box.top);
  }
}
