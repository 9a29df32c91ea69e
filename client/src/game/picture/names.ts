/** Writes the names of players at their goats. */

import type { GoatView } from "../world";
import type { Camera } from "./camera";
import { discOf } from "./marks";
import { OWN } from "./palette";

type Context = CanvasRenderingContext2D;

/** As long as this a name is written, in characters as people see them. */
const LONGEST = 12;

/** How high letters are, in CSS pixels. */
const LETTERS = 13;

/** How far above the middle of a number its name ends, in sizes of it: over the lives, and over the arrowhead of the own goat. */
const [HIGH, HIGH_OWN] = [2, 2.95];

const segmenter = new Intl.Segmenter("en");

/** A name over a goat. `isOwn`: it is that of who looks. */
export function drawName(
  context: Context,
  camera: Camera,
  goat: GoatView,
  name: string,
  isOwn: boolean,
  pixelRatio: number,
): void {
  const disc = discOf(camera, goat, isOwn, pixelRatio);
  const [x, y] = [disc.x, disc.y - disc.size * (isOwn ? HIGH_OWN : HIGH)];
  const letters = LETTERS * pixelRatio;
  context.font = `700 ${Math.round(letters)}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "bottom";
  context.lineJoin = "round";
  context.lineWidth = letters * 0.3;
  context.strokeStyle = "rgb(30 27 75 / 80%)";
  context.fillStyle = isOwn ? OWN : "#ffffff";
  const text = shortened(name);
  context.strokeText(text, x, y);
  context.fillText(text, x, y);
}

/** A name that is not too long: cut between two characters, and never within one. */
export function shortened(name: string): string {
  const all = [...segmenter.segment(name)].map(({ segment }) => segment);
  return all.length <= LONGEST ? name : `${all.slice(0, LONGEST - 1).join("")}…`;
}
