/** A chart of the day beside the map: its lines, what each is now, and the time that moves; a click goes to that time. */
import { clock, type DayDocument, type Language } from "./document";
import { drawn, element } from "./element";
import { DASHES } from "./palette";
import { number } from "./words";

const WIDE = 360;
const HIGH = 92;
const LEFT = 4;
const FOOT = 16;
const HEAD = 14;

export interface Line { name: string; values: (number | null)[] }

export class Chart {
  readonly box: HTMLElement;
  private readonly now = drawn("line", { class: "day-now", y1: HEAD - 4, y2: HIGH - FOOT });
  private readonly figures: HTMLElement[];

  constructor(title: string, private readonly lines: Line[], private readonly day: DayDocument, private readonly language: Language, go: (slot: number) => void, private readonly digits = 0) {
    this.figures = lines.map(() => element("b"));
    const keys = lines.map((one, n) => element("span", {}, swatch(n), ` ${one.name} `, this.figures[n] as HTMLElement));
    const picture = this.picture(title);
    picture.addEventListener("click", (click) => go(this.slotAt(picture, click as MouseEvent)));
    this.box = element("section", { class: "day-chart" }, element("h3", {}, title), element("p", { class: "day-key" }, ...keys), picture);
  }

  show(slot: number): void {
    const x = this.x(slot);
    this.now.setAttribute("x1", String(x));
    this.now.setAttribute("x2", String(x));
    this.lines.forEach((one, n) => { (this.figures[n] as HTMLElement).textContent = number(one.values[slot], this.language, this.digits); });
  }

  private get last(): number {
    return Math.max(this.day.times.length - 1, 1);
  }

  private x(slot: number): number {
    return Math.round((LEFT + ((WIDE - 2 * LEFT) * slot) / this.last) * 10) / 10;
  }

  private slotAt(picture: Element, click: MouseEvent): number {
    const box = picture.getBoundingClientRect();
    const x = ((click.clientX - box.left) / box.width) * WIDE;
    return Math.round(((x - LEFT) / (WIDE - 2 * LEFT)) * this.last);
  }

  private picture(title: string): SVGElement {
    const most = Math.max(1, ...this.lines.flatMap((one) => one.values.map((value) => value ?? 0)));
    const y = (value: number): number => Math.round((HIGH - FOOT - ((HIGH - FOOT - HEAD) * value) / most) * 10) / 10;
    const found = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": `${title}: ${number(most, this.language, this.digits)}` });
    found.append(drawn("line", { class: "day-ground", x1: LEFT, x2: WIDE - LEFT, y1: y(0), y2: y(0) }));
    found.append(drawn("line", { class: "day-grid", x1: LEFT, x2: WIDE - LEFT, y1: y(most), y2: y(most) }));
    found.append(drawn("text", { class: "day-tick", x: LEFT, y: HEAD - 4 }, number(most, this.language, this.digits)));
    this.lines.forEach((one, n) => found.append(drawn("path", {
      class: `day-curve day-curve-${n % DASHES.length}`, d: this.path(one.values, y), "stroke-dasharray": DASHES[n % DASHES.length] ?? "",
    })));
    for (let k = 0; k <= 4; k++) {
      const slot = Math.round((this.last * k) / 4), anchor = k === 0 ? "start" : k === 4 ? "end" : "middle";
      found.append(drawn("text", { class: "day-tick", x: this.x(slot), y: HIGH - 3, "text-anchor": anchor }, clock(this.day, slot)));
    }
    found.append(this.now);
    return found;
  }

  private path(values: (number | null)[], y: (value: number) => number): string {
    let open = false, said = "";
    values.forEach((value, slot) => {
      if (value === null) { open = false; return; }
      said += `${open ? "L" : "M"}${this.x(slot)} ${y(value)}`;
      open = true;
    });
    return said;
  }
}

function swatch(n: number): SVGElement {
  const line = drawn("line", { class: `day-curve day-curve-${n % DASHES.length}`, x1: 0, x2: 20, y1: 4, y2: 4, "stroke-dasharray": DASHES[n % DASHES.length] ?? "" });
  return drawn("svg", { width: 20, height: 8, "aria-hidden": "true" }, line);
}
