/** A simulated day as a page by itself: everything it draws is in the page. */
import "../day/day.css";
import "./replay.css";
import type { DayDocument, Language } from "../day/document";
import { DayFrame } from "../day/frame";
import type { GroundDrawing } from "../day/ground";

const OTHER: Record<Language, string> = { en: "中文", zh: "English" };

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page needs #${id}`);
  return found;
}

const day = JSON.parse(part("day-data").textContent ?? "") as DayDocument;
const ground = JSON.parse(part("day-ground").textContent ?? "null") as GroundDrawing | null;
let language: Language = navigator.language.startsWith("zh") ? "zh" : "en";
let frame: DayFrame | null = null;
let shown: { slot?: number; chosen?: string } = {};

function speak(): void {
  document.documentElement.lang = language;
  document.title = day.name[language];
  part("name").textContent = day.name[language];
  part("date").textContent = day.start ? day.start.slice(0, 10) : "";
  const other = part("language");
  other.textContent = OTHER[language];
  other.lang = language === "en" ? "zh" : "en";
  const host = document.createElement("div");
  host.id = "day";
  frame?.halt();
  document.querySelector("#day")?.replaceWith(host);
  frame = new DayFrame(host, [day], language, { ...shown, ground, everywhere: true, shown: (slot, chosen) => { shown = { slot, chosen }; } });
}

part("language").addEventListener("click", () => {
  language = language === "en" ? "zh" : "en";
  speak();
});
speak();
