/**
 * The map of a simulated day in the console.
 *
 * `<div data-day data-source="…" [data-beside="…"] [data-ground="…"] [data-slot="24"] [data-chosen="node:gate-e"]
 * [data-window="city"] [data-bare]>`: with `data-beside` two days, one slider; with `data-bare` no figures beside. What stands in it before, drawn by the server, stays until the day is there, and
 * where it cannot be fetched. Links with `data-day-export` are given the time shown.
 */
import "./day.css";
import type { DayDocument, Language } from "./document";
import { DayFrame } from "./frame";
import type { GroundDrawing } from "./ground";
import { SAY } from "./words";

async function fetched<T>(address: string | undefined): Promise<T | null> {
  if (!address) return null;
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return (await answer.json()) as T;
}

async function mount(host: HTMLElement): Promise<void> {
  const language: Language = document.documentElement.lang.startsWith("zh") ? "zh" : "en", { data } = { data: host.dataset };
  try {
    const [day, beside, ground] = await Promise.all([
      fetched<DayDocument>(data.source), fetched<DayDocument>(data.beside), fetched<GroundDrawing>(data.ground).catch(() => null),
    ]);
    const days = [day, beside].filter((one): one is DayDocument => one !== null);
    const slot = data.slot === undefined || data.slot === "" ? undefined : Number(data.slot);
    new DayFrame(host, days, language, {
      slot, chosen: data.chosen, ground, shown: carry, bare: data.bare !== undefined, window: data.window === "city" ? "city" : "site",
    });
  } catch {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = SAY[language].lost;
    host.prepend(note);
  }
}

/** The address and what is exported are of what is shown. */
function carry(slot: number, chosen: string): void {
  const address = new URL(location.href);
  set(address, slot, chosen);
  history.replaceState(null, "", address);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-day-export]")) {
    const to = new URL(link.href);
    set(to, slot, chosen);
    link.href = to.href;
  }
}

function set(address: URL, slot: number, chosen: string): void {
  address.searchParams.set("slot", String(slot));
  if (chosen) address.searchParams.set("show", chosen);
  else address.searchParams.delete("show");
}

for (const host of document.querySelectorAll<HTMLElement>("[data-day][data-source]")) void mount(host);
