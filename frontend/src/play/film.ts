/** Steps through numbers like a film: one button plays and stops, the next steps are asked for ahead of time. */
const AHEAD = 4;

export interface Reel {
  /** The number shown, and the ones it runs between. */
  wanted(): number;
  first: number;
  last: number;
  /** Steps a second. */
  speed(): number;
  ahead(number: number): void;
  show(number: number): Promise<void>;
}

export class Film {
  private timer = 0;

  constructor(private readonly button: HTMLElement, private readonly reel: Reel) {
    button.addEventListener("click", () => (this.timer ? this.stop() : this.play()));
    addEventListener("keydown", (press) => press.key === "Escape" && this.stop());
  }

  get playing(): boolean {
    return this.timer !== 0;
  }

  play(): void {
    this.button.dataset.word ??= this.button.textContent ?? "";
    this.button.textContent = this.button.dataset.stop ?? "";
    this.button.setAttribute("aria-pressed", "true");
    let at = this.reel.wanted() >= this.reel.last ? this.reel.first - 1 : this.reel.wanted();
    const step = async (): Promise<void> => {
      const next = Math.min(at + 1, this.reel.last);
      for (let more = 1; more <= AHEAD && next + more <= this.reel.last; more++) this.reel.ahead(next + more);
      await this.reel.show(next);
      at = next;
      if (!this.timer) return;
      if (next >= this.reel.last) return this.stop();
      this.timer = window.setTimeout(() => void step(), 1000 / this.reel.speed());
    };
    this.timer = window.setTimeout(() => void step(), 0);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    if (this.button.dataset.word) this.button.textContent = this.button.dataset.word;
    this.button.setAttribute("aria-pressed", "false");
  }
}
