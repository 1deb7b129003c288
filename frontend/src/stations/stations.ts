/**
 * The map of stations played slot by slot: the server drew it, here its marks change their class and what stands
 * beside is the server's for every slot. Without this script each slot is a link.
 *
 * `<div data-stations data-source data-slot data-node>` around the drawing, the side and the slider.
 */
import { Film } from "../play/film";
import { Kept } from "../play/kept";

const EVERY_MS = 5000;
/** Instead of a slot's number: the one it is now. */
const NOW = -1;

interface Slot {
  slot: number;
  at: string;
  levels: number[];
  figures: string[];
  node: string;
  side: string;
}

class StationMap {
  private readonly slots: Kept<Slot>;
  private readonly film: Film;
  private readonly slider: HTMLInputElement;
  private readonly side: HTMLElement;
  private readonly marks: SVGElement[];
  private readonly times: string[];
  private node: string;
  private wanted: number;
  private following: boolean;
  private seq = "";

  constructor(private readonly frame: HTMLElement) {
    this.slider = this.part("[data-slots]") as HTMLInputElement;
    this.side = this.part("[data-side]");
    this.marks = [...frame.querySelectorAll<SVGElement>(".places .place")];
    this.times = (this.slider.dataset.slots ?? "").split(" ");
    this.node = frame.dataset.node ?? "";
    this.wanted = Number(frame.dataset.slot);
    this.following = frame.dataset.follow !== undefined;
    this.slots = new Kept((slot) => this.address(slot));
    this.film = new Film(this.part("[data-run]"), {
      wanted: () => this.wanted,
      first: Number(this.slider.min),
      last: Number(this.slider.max),
      speed: () => Number(frame.querySelector<HTMLSelectElement>("[data-pace]")?.value ?? 4),
      ahead: (slot) => void this.slots.at(slot).catch(() => undefined),
      show: (slot) => { this.following = false; return this.show(slot); },
    });
    this.listen();
    this.raise();
    if (frame.dataset.now) window.setInterval(() => void this.look(), EVERY_MS);
    frame.classList.add("scripted");
  }

  private part(selector: string): HTMLElement {
    const found = this.frame.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(`the map needs ${selector}`);
    return found;
  }

  private address(slot: number): string {
    const node = this.node ? `&node=${encodeURIComponent(this.node)}` : "";
    return `${this.frame.dataset.source ?? ""}${slot === NOW ? "" : `&slot=${slot}`}${node}`;
  }

  /** Today: once counts have come in the slot shown is told anew, and the one it is now while nobody has chosen another. */
  private async look(): Promise<void> {
    if (document.hidden || this.film.playing || this.side.contains(document.activeElement)) return;
    try {
      const told = await fetch(this.frame.dataset.now ?? "", { headers: { "X-Requested-With": "live" } });
      const seq = told.ok ? String(((await told.json()) as { seq: number }).seq) : this.seq;
      const first = this.seq === "";
      if (seq === this.seq) return;
      this.seq = seq;
      if (first) return;
      this.slots.forget();
      if (!this.following) return void this.show(this.wanted);
      const found = await this.slots.at(NOW);
      if (this.following) await this.show(found.slot);
    } catch { /* no connection: what was shown stands */ }
  }

  /** Show a slot; a later wish overtakes an earlier answer. */
  private async show(slot: number): Promise<void> {
    this.wanted = slot;
    this.slider.value = String(slot);
    this.part("[data-at]").textContent = this.times[slot] ?? "";
    this.slider.setAttribute("aria-valuetext", this.times[slot] ?? "");
    const node = this.node;
    try {
      const found = await this.slots.at(slot);
      if (slot === this.wanted && node === this.node) this.draw(found);
    } catch {
      this.film.stop();
      this.part("[data-at]").textContent = this.frame.dataset.lost ?? "";
    }
  }

  private draw(found: Slot): void {
    this.marks.forEach((mark, number) => {
      const level = found.levels[number] ?? -1, figure = found.figures[number] ?? "";
      const sort = [...mark.classList].filter((name) => !/^(load-|chosen)/.test(name));
      const chosen = mark.dataset.node === found.node ? ["chosen"] : [];
      mark.setAttribute("class", [...sort, `load-${level < 0 ? "none" : level}`, ...chosen].join(" "));
      const [title, said] = [mark.querySelector("title"), mark.querySelector("tspan")];
      if (said) said.textContent = figure;
      if (title) title.textContent = `${mark.querySelector("text")?.firstChild?.textContent?.trim() ?? ""}: ${figure}`;
    });
    this.raise();
    this.side.innerHTML = found.side; // our own server's, escaped there
    this.frame.dataset.shown = found.at;
    const address = new URL(location.href);
    address.searchParams.delete("slot");
    if (!this.following) address.searchParams.set("at", found.at);
    if (this.node) address.searchParams.set("node", this.node);
    history.replaceState(null, "", address);
    const field = document.querySelector<HTMLInputElement>("[data-at-field]");
    if (field) field.value = found.at;
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-export]")) carry(link, found.at, this.node);
  }

  /** What is drawn last lies on top: no other mark may cover the name of the chosen one. */
  private raise(): void {
    const mark = this.marks.find((one) => one.classList.contains("chosen"));
    if (!mark || mark === mark.parentElement?.lastElementChild) return;
    const held = mark.contains(document.activeElement);
    mark.parentElement?.append(mark);
    if (held) mark.focus();
  }

  private choose(node: string): void {
    this.node = node;
    this.slots.forget();
    void this.show(this.wanted);
  }

  private listen(): void {
    this.slider.addEventListener("input", () => { this.film.stop(); this.following = false; void this.show(Number(this.slider.value)); });
    this.slider.form?.addEventListener("submit", (submit) => { submit.preventDefault(); void this.show(Number(this.slider.value)); });
    this.frame.addEventListener("click", (click) => {
      const plain = !(click.ctrlKey || click.metaKey || click.shiftKey);
      const link = (click.target as Element).closest<HTMLElement | SVGElement>("a[data-node]");
      if (!link?.dataset.node || !plain) return;
      click.preventDefault();
      this.choose(link.dataset.node);
    });
  }
}

/** What is exported is what is shown. */
function carry(link: HTMLAnchorElement, at: string, node: string): void {
  const address = new URL(link.href);
  address.searchParams.set("at", at);
  if (node) address.searchParams.set("node", node);
  link.href = address.href;
}

const frame = document.querySelector<HTMLElement>("[data-stations]");
if (frame) new StationMap(frame);
