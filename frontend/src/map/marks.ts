/** The marks of places: shape and colour by status, drawn once; a status is never told by colour alone. */
import type { Map } from "maplibre-gl";

const SIZE = 16;
const SHARP = 3; // pixels for one of the screen's, so that marks stay crisp on phones

type Outline = (pen: CanvasRenderingContext2D, half: number) => void;

const square: Outline = (pen, half) => pen.rect(-half, -half, 2 * half, 2 * half);
const triangle: Outline = (pen, half) => polygon(pen, [[0, -half * 1.2], [half * 1.15, half], [-half * 1.15, half]]);
const diamond: Outline = (pen, half) => polygon(pen, [[0, -half], [half, 0], [0, half], [-half, 0]]);
const circle: Outline = (pen, half) => pen.arc(0, 0, half, 0, 2 * Math.PI);

const SHAPES: Record<string, [Outline, string]> = {
  late: [square, "--late"],
  at_risk: [triangle, "--at-risk"],
  on_time: [circle, "--on-time"],
  done: [circle, "--done"],
  unknown: [circle, "--unknown"],
  stale: [circle, "--unknown"],
  post: [diamond, "--ink-2"],
};

export function addMarks(map: Map): void {
  const colours = getComputedStyle(document.documentElement);
  for (const [name, [outline, token]] of Object.entries(SHAPES)) {
    map.addImage(`mark-${name}`, draw(name, outline, colours.getPropertyValue(token).trim()), { pixelRatio: SHARP });
  }
}

function draw(name: string, outline: Outline, colour: string): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * SHARP;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no drawing surface");
  pen.setTransform(SHARP, 0, 0, SHARP, (SIZE * SHARP) / 2, (SIZE * SHARP) / 2);
  const hollow = name === "post" || name === "unknown";
  pen.beginPath();
  outline(pen, 5);
  pen.lineWidth = hollow ? 2 : 2.6;
  pen.strokeStyle = hollow ? colour : "#fff";
  pen.stroke();
  pen.fillStyle = hollow ? "#fff" : colour;
  pen.fill();
  if (name === "done") tick(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function tick(pen: CanvasRenderingContext2D): void {
  pen.beginPath();
  pen.moveTo(-2.4, 0.2);
  pen.lineTo(-0.7, 2);
  pen.lineTo(2.6, -1.8);
  pen.lineWidth = 1.5;
  pen.strokeStyle = "#fff";
  pen.stroke();
}

function polygon(pen: CanvasRenderingContext2D, points: [number, number][]): void {
  points.forEach(([x, y], n) => (n ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.closePath();
}
