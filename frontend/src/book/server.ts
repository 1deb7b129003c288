/** What the table asks of the server; a refusal is the server's own sentence. */
import type { BookAnswer } from "./data";

export interface CellChange {
  task: string;
  field: string;
  value: string;
}

export interface TriedCell extends CellChange {
  name: string;
  before: string;
  after: string;
  problem: string;
}

export interface Tried {
  cells: TriedCell[];
  problems: number;
  changes: number;
}

export interface Done {
  said: string;
  undo: number | null;
}

/** `here`: what is said at the very cell, without naming it. */
export class Refused extends Error {
  constructor(message: string, readonly here: string = message) {
    super(message);
  }
}

export class Server {
  private etag = "";

  constructor(private readonly addresses: { rows: string; cells: string; undo: string }, private readonly lost: string) {}

  /** The rows, or null where they are the ones that were sent before. */
  async rows(): Promise<BookAnswer | null> {
    const answer = await fetch(this.addresses.rows + location.search, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Refused(this.lost);
    const etag = answer.headers.get("ETag") ?? "";
    if (etag && etag === this.etag) return null;
    this.etag = etag;
    return (await answer.json()) as BookAnswer;
  }

  change(cells: CellChange[]): Promise<Done> {
    return this.post<Done>(this.addresses.cells, { cells });
  }

  tryThem(cells: CellChange[]): Promise<Tried> {
    return this.post<Tried>(this.addresses.cells, { cells, try: true });
  }

  undo(line: number): Promise<Done> {
    return this.post<Done>(this.addresses.undo, { line });
  }

  private async post<Answer>(address: string, body: unknown): Promise<Answer> {
    const token = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
    let answer: Response;
    try {
      answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
    } catch {
      throw new Refused(this.lost);
    }
    const said = (await answer.json().catch(() => ({}))) as Answer & { error?: string; here?: string };
    if (!answer.ok) throw new Refused(said.error ?? this.lost, said.here);
    return said;
  }
}
