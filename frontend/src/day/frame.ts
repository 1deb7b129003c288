/** A simulated day, or two side by side: maps, time slider with play and keys, and what stands beside them. */
import type { Chosen, DayDocument, Language } from "./document";
import { clock, LEVELS, nameOf } from "./document";
import { badge } from "./badge";
import { button, element } from "./element";
import type { GroundDrawing } from "./ground";
import { Side } from "./side";
import { DayStage } from "./stage";
import type { View } from "./view";
import { SAY, type Say } from "./words";

const SPEEDS = [1, 2, 4, 8];

export interface Told {
  slot?: number;
  chosen?: string;
  ground?: GroundDrawing | null;
  /** Told whenever another time or thing is shown. */
  shown?(slot: number, chosen: string): void;
  /** Of the two windows the one first shown. */
  window?: "site" | "city";
  /** Maps, legend and slider alone, where the page itself tells the figures. */
  bare?: boolean;
  /** Keys count wherever the page has no field, not on the map alone. */
  everywhere?: boolean;
}

export class DayFrame {
  readonly stages: DayStage[];
  slot = -1;
  private readonly say: Say;
  private readonly side: Side;
  private readonly slider = element("input", { type: "range", min: "0", step: "1" });
  private readonly time = element("output");
  private readonly pace = element("select");
  private readonly player: HTMLButtonElement;
  private chosen: Chosen | null = null;
  private timer = 0;

  constructor(readonly host: HTMLElement, readonly days: DayDocument[], private readonly language: Language, private readonly told: Told) {
    this.say = SAY[language];
    const owner = { chosen: (what: Chosen | null) => this.choose(what), moved: (view: View) => this.together(view) };
    this.stages = days.map((day) => new DayStage(day, told.ground ?? null, language, this.say, owner));
    this.side = new Side(days, language, this.say, { go: (slot) => this.pause(slot), choose: (what) => this.choose(what), see: (slot, what) => this.see(slot, what) });
    this.player = button(this.say.play, () => (this.timer ? this.halt() : this.play()), { "data-play": "", "aria-pressed": "false" });
    this.build();
    this.listen();
    if (told.window === "city") for (const stage of this.stages) stage.show("city");
    this.show(told.slot ?? this.worstSlot());
    const found = told.chosen ? this.find(told.chosen) : null;
    if (found) this.choose(found);
    requestAnimationFrame(() => { host.dataset.ready = "1"; }); // the stages, asked before, are drawn by then
  }

  private get last(): number {
    return Math.max(0, Math.min(...this.days.map((day) => day.times.length)) - 1);
  }

  private worstSlot(): number {
    return this.days[0]?.worst[0]?.slot ?? 0;
  }

  private build(): void {
    const { say } = this;
    this.slider.max = String(this.last);
    this.slider.setAttribute("aria-label", say.time);
    for (const speed of SPEEDS) this.pace.append(element("option", { value: String(speed) }, say.perSecond.replace("{n}", String(speed))));
    this.pace.value = matchMedia("(prefers-reduced-motion: reduce)").matches ? "1" : "4";
    const stages = element("div", { class: `day-stages${this.days.length > 1 ? " day-pair" : ""}` });
    for (const stage of this.stages) {
      if (this.days.length > 1) stage.box.prepend(element("h3", {}, stage.day.name[this.language]));
      stages.append(stage.box);
    }
    const bar = element("div", { class: "day-player" }, this.player, element("label", { class: "day-pace" }, `${say.speed} `, this.pace), this.time, this.slider);
    this.host.replaceChildren(stages, ...(this.told.bare ? [] : [this.side.box]), this.legend(), bar);
    this.host.classList.add("day-frame");
    this.host.classList.toggle("day-bare", this.told.bare === true);
    this.host.classList.toggle("day-two", this.days.length > 1);
  }

  private legend(): HTMLElement {
    const { say } = this, letters = [...LEVELS].map((_, level) => badge(level));
    const parts: (Node | string)[] = [element("span", {}, `${say.level} `, ...letters, ` ${say.levelA} … ${say.levelF}`), element("span", {}, element("i", { class: "day-ring", "aria-hidden": "true" }), ` ${say.waiting}`)];
    if (this.days.some((day) => day.vehicles.hops.length)) parts.push(element("span", {}, element("i", { class: "day-line", "aria-hidden": "true" }), ` ${say.filling}`));
    return element("p", { class: "day-legend" }, ...parts, element("span", { class: "day-keys" }, say.keys));
  }

  /** Show a slot. */
  show(slot: number): void {
    const to = Math.max(0, Math.min(slot, this.last));
    if (to === this.slot) return;
    this.slot = to;
    const [day] = this.days as [DayDocument], at = clock(day, to);
    this.slider.value = String(to);
    this.slider.setAttribute("aria-valuetext", at);
    this.time.textContent = at;
    for (const stage of this.stages) { stage.slot = to; stage.ask(); }
    this.side.show(to);
    this.host.dataset.shown = at;
    this.tell();
  }

  private pause(slot: number): void {
    this.halt();
    this.show(slot);
  }

  choose(what: Chosen | null): void {
    this.chosen = what;
    for (const stage of this.stages) { stage.shown = what; stage.ask(); }
    this.side.choose(what);
    this.host.dataset.chosen = what ? nameOf(this.days[0] as DayDocument, what, this.language) : "";
    this.tell();
  }

  private see(slot: number, what: Chosen): void {
    this.pause(slot);
    this.choose(what);
    this.stages[0]?.goTo(what);
  }

  private tell(): void {
    const { chosen } = this, [day] = this.days as [DayDocument];
    const id = !chosen ? "" : chosen.kind === "way" ? `way:${day.ways[chosen.at]?.id}` : `node:${day.nodes[chosen.at]?.id}`;
    this.told.shown?.(this.slot, id);
  }

  private find(text: string): Chosen | null {
    const [kind, id] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)], [day] = this.days as [DayDocument];
    const at = (kind === "way" ? day.ways : day.nodes).findIndex((one) => one.id === id);
    return at < 0 ? null : { kind: kind === "way" ? "way" : "node", at };
  }

  private together(view: View): void {
    for (const stage of this.stages) if (stage.view !== view) stage.follow(view);
  }

  play(): void {
    if (this.slot >= this.last) this.show(0);
    this.player.textContent = this.say.stop;
    this.player.setAttribute("aria-pressed", "true");
    const step = (): void => {
      this.timer = window.setTimeout(() => {
        this.show(this.slot + 1);
        if (this.slot < this.last) step();
        else this.halt();
      }, 1000 / Number(this.pace.value));
    };
    step();
  }

  halt(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.player.textContent = this.say.play;
    this.player.setAttribute("aria-pressed", "false");
  }

  private listen(): void {
    this.slider.addEventListener("input", () => this.pause(Number(this.slider.value)));
    const target: HTMLElement | Document = this.told.everywhere ? document : this.host;
    target.addEventListener("keydown", (press) => this.key(press as KeyboardEvent));
  }

  private key(press: KeyboardEvent): void {
    if (!this.host.isConnected || press.ctrlKey || press.metaKey || press.altKey || (press.target as Element).closest?.("select, input, textarea")) return;
    if ([" ", "Enter"].includes(press.key) && (press.target as Element).closest?.("button, summary, a")) return;
    const acts: Record<string, () => void> = {
      " ": () => (this.timer ? this.halt() : this.play()), ArrowRight: () => this.pause(this.slot + 1), ArrowLeft: () => this.pause(this.slot - 1),
      Home: () => this.pause(0), End: () => this.pause(this.last), "+": () => this.stages[0]?.zoom(1.25), "-": () => this.stages[0]?.zoom(0.8),
      0: () => this.stages[0]?.show("city"), Escape: () => this.choose(null),
    };
    const act = acts[press.key];
    if (!act) return;
    press.preventDefault();
    act();
  }
}
