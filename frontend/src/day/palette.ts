/** Colours of the map; levels of service are one scale from light to dark, lines the safe ones of Okabe and Ito. */
export const FILL = ["#F0EAF1", "#DFCBDF", "#C8A1C8", "#A86FA6", "#7C4278", "#47194C"];
export const EDGE = ["#A898AA", "#A98BA9", "#986B98", "#8F5A8D", "#6A3766", "#2E0F31"];
export const INK_ON = ["#14181F", "#14181F", "#14181F", "#14181F", "#FFFFFF", "#FFFFFF"];
export const EMPTY = { fill: "#FFFFFF", edge: "#B7BDC7" };
export const INK = "#14181F";
export const QUIET = "#465060";
export const HALO = "#FFFFFF";
export const QUEUE = "#D55E00";
export const QUEUE_WORD = "#A34400";
export const WAITING = "#123F7D";
export const RIDE = "#8B9AB3";
export const LINES = ["#0072B2", "#D55E00", "#007A5A", "#A3487A", "#8A6A00", "#3A7CA5", "#5B4B9A", "#6B6B6B"];
/** Curves beside the map are told apart by dash too; their colours are in `day.css`. */
export const DASHES = ["", "6 3", "2 2", "8 3 2 3", "1 3"];

export function lineColour(number: number): string {
  return LINES[number % LINES.length] ?? INK;
}
