/** A level of service: its letter on its colour. */
import { LEVELS } from "./document";
import { element } from "./element";

export function badge(level: number): HTMLElement {
  const letter = LEVELS[level] ?? "A";
  return element("span", { class: `day-level day-level-${letter.toLowerCase()}` }, letter);
}
