/** The days of the map: fetched one by one, the next ones ahead of time, and played like a film. */
export interface MapDay {
  t: number;
  label: string;
  day: string;
  marks: GeoJSON.FeatureCollection<GeoJSON.Point, PlaceSaid>;
  list: string;
}

export interface PlaceSaid {
  code: string;
  name: string;
  status: string | null;
  total: number;
  lagging: number;
  posts: number;
  vacant: number;
}

const KEPT = 40;

export class Days {
  private readonly kept = new Map<number, Promise<MapDay>>();

  constructor(private readonly source: string) {}

  /** The day `t`; a failed answer is forgotten, so that it is asked again. */
  at(t: number): Promise<MapDay> {
    const known = this.kept.get(t);
    if (known) return known;
    const asked = fetchDay(`${this.source}?t=T${t}`);
    asked.catch(() => this.kept.delete(t));
    this.kept.set(t, asked);
    for (const old of this.kept.keys()) if (this.kept.size > KEPT) this.kept.delete(old);
    return asked;
  }

  /** What was fetched may be old: something has been done meanwhile. */
  forget(): void {
    this.kept.clear();
  }
}

async function fetchDay(address: string): Promise<MapDay> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as MapDay;
}
