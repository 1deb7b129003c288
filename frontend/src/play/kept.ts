/** Answers by number, fetched once: the next ones ahead of time, the oldest forgotten. */
const MOST = 120;

export class Kept<T> {
  private readonly answers = new Map<number, Promise<T>>();

  constructor(private readonly address: (number: number) => string) {}

  /** The answer of `number`; a failed one is forgotten, so that it is asked again. */
  at(number: number): Promise<T> {
    const known = this.answers.get(number);
    if (known) return known;
    const asked = fetched<T>(this.address(number));
    asked.catch(() => this.answers.delete(number));
    this.answers.set(number, asked);
    for (const old of this.answers.keys()) if (this.answers.size > MOST) this.answers.delete(old);
    return asked;
  }

  /** What was fetched may be old: something has been done meanwhile, or something else is asked for. */
  forget(): void {
    this.answers.clear();
  }
}

async function fetched<T>(address: string): Promise<T> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as T;
}
