/** What is drawn at goats so that a person knows more of them: number, lives, whose it is, and how strong a butt would be. */

import { LIVES } from "../rules/state";
import type { GoatView } from "../world";
import { SIZE } from "./body";
import { type Camera, circleOnGround, project } from "./camera";
import { coatOf } from "./goat";
import { OWN, type Palette } from "./palette";

type Context = CanvasRenderingContext2D;

/** How many there are when a butt is charged fully. */
const CHEVRONS = 3;

/** The smallest disc of a number, in CSS pixels: below it, no digit can be read. */
const SMALLEST = 8;

/** A ring on the ground around the own goat. `time` in milliseconds lets it turn; null: it stands still. */
export function drawOwnRing(
  context: Context,
  camera: Camera,
  goat: GoatView,
  palette: Palette,
  time: number | null,
): void {
  const radius = SIZE * 1.5;
  const thick = Math.max(2, 3 * camera.scale);
  context.lineCap = "butt";
  context.strokeStyle = palette.outline;
  context.lineWidth = thick * 2;
  context.beginPath();
  circleOnGround(context, camera, goat.x, goat.y, radius);
  context.stroke();
  context.strokeStyle = "#ffffff";
  context.lineWidth = thick * 1.2;
  context.stroke();
  context.strokeStyle = OWN;
  const dash = (2 * Math.PI * radius * camera.scale) / 16;
  context.save();
  context.setLineDash([dash, dash]);
  context.lineDashOffset = time === null ? 0 : (-time / 60) * camera.scale;
  context.stroke();
  context.restore();
}

/** Chevrons ahead of a goat that charges: the stronger its butt would be, the more of them, and the redder. */
export function drawCharge(
  context: Context,
  camera: Camera,
  { charge, x, y, facing }: GoatView,
  time: number | null,
): void {
  if (charge <= 0) return;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (let n = 0; n < CHEVRONS; n++) {
    const filled = Math.min(1, Math.max(0, charge * CHEVRONS - n));
    const breath = charge < 1 || time === null ? 0 : 0.12 * Math.sin(time / 60 - n);
    const away = SIZE * (1.75 + 0.52 * n + breath);
    const wide = SIZE * (0.62 + 0.16 * n);
    const side = (which: -1 | 1): [number, number] => {
      const [forward, aside] = [away - SIZE * 0.42, which * wide];
      return project(
        camera,
        x + Math.cos(facing) * forward - Math.sin(facing) * aside,
        y + Math.sin(facing) * forward + Math.cos(facing) * aside,
      );
    };
    context.beginPath();
    context.moveTo(...side(-1));
    context.lineTo(...project(camera, x + Math.cos(facing) * away, y + Math.sin(facing) * away));
    context.lineTo(...side(1));
    context.strokeStyle = `rgb(40 16 30 / ${30 + 45 * filled}%)`;
    context.lineWidth = SIZE * 0.36 * camera.scale;
    context.stroke();
    context.strokeStyle =
      filled > 0 ? `hsl(${46 - 20 * n} 96% 56% / ${40 + 60 * filled}%)` : "rgb(255 255 255 / 35%)";
    context.lineWidth = SIZE * 0.22 * camera.scale;
    context.stroke();
  }
}

/** Lines behind a goat that lunges, or was thrown. */
export function drawSpeed(context: Context, camera: Camera, goat: GoatView): void {
  const { x, y, vx, vy, fainted } = goat;
  const thrown = fainted ? Math.hypot(vx, vy) / 24 : 0;
  const lunge = Math.min(1, Math.max(goat.lunge, thrown));
  if (lunge < 0.2) return;
  const facing = fainted ? Math.atan2(vy, vx) : goat.facing;
  context.lineCap = "round";
  context.strokeStyle = "rgb(255 255 255 / 80%)";
  for (const aside of [-0.55, 0, 0.55]) {
    context.lineWidth = SIZE * (aside === 0 ? 0.2 : 0.13) * camera.scale;
    const long = (1.2 + 1.6 * lunge) * (aside === 0 ? 1.25 : 1);
    context.beginPath();
    for (const back of [1.35, 1.35 + long]) {
      const [forward, right] = [-back * SIZE, aside * SIZE];
      const [east, south] = [Math.cos(facing), Math.sin(facing)];
      const at = [x + east * forward - south * right, y + south * forward + east * right] as const;
      context.lineTo(...project(camera, ...at, SIZE * 0.7));
    }
    context.stroke();
  }
}

/** Stars around the head of a goat that has fainted. */
export function drawStars(
  context: Context,
  camera: Camera,
  { x, y, facing }: GoatView,
  time: number | null,
): void {
  const [headX, headY] = [x + Math.cos(facing) * SIZE * 0.7, y + Math.sin(facing) * SIZE * 0.7];
  context.fillStyle = "#ffe08a";
  context.strokeStyle = "rgb(60 30 10 / 70%)";
  context.lineWidth = Math.max(1, 0.8 * camera.scale);
  for (let n = 0; n < 3; n++) {
    const angle = (n / 3) * 2 * Math.PI + (time ?? 0) / 260;
    const [px, py] = project(
      camera,
      headX + Math.cos(angle) * SIZE * 0.85,
      headY + Math.sin(angle) * SIZE * 0.85,
      SIZE * 1.35,
    );
    context.beginPath();
    for (let corner = 0; corner < 10; corner++) {
      const turn = (corner / 10) * 2 * Math.PI - Math.PI / 2;
      const far = SIZE * (corner % 2 === 0 ? 0.3 : 0.13) * camera.scale;
      context.lineTo(px + Math.cos(turn) * far, py + Math.sin(turn) * far);
    }
    context.closePath();
    context.fill();
    context.stroke();
  }
}

/** Where the disc of a goat's number is, and how large. */
export function discOf(
  camera: Camera,
  goat: GoatView,
  isOwn: boolean,
  pixelRatio: number,
): { x: number; y: number; size: number } {
  const up = goat.fainted ? 2.3 : 3.15;
  const [x, y] = project(camera, goat.x, goat.y, SIZE * up);
  const size = Math.max(SMALLEST * pixelRatio, SIZE * 0.5 * camera.scale) * (isOwn ? 1.15 : 1);
  return { x, y, size };
}

/** The number of a goat in a disc, which the lives that it has surround. */
export function drawNumber(
  context: Context,
  camera: Camera,
  goat: GoatView,
  seat: number,
  isOwn: boolean,
  pixelRatio: number,
): void {
  const { x, y, size } = discOf(camera, goat, isOwn, pixelRatio);
  context.globalAlpha = goat.shade ? 0.55 : 1;
  context.fillStyle = isOwn ? OWN : "#ffffff";
  disc(context, x, y, size * 1.3);
  context.fillStyle = coatOf(seat);
  disc(context, x, y, size);
  context.fillStyle = "#ffffff";
  context.font = `800 ${Math.round(size * 1.45)}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(String(seat + 1), x, y + size * 0.08);
  context.globalAlpha = 1;
  if (!goat.shade) lives(context, x, y, size, goat.lives);
  if (isOwn) pointer(context, x, y - size * 2.35, size);
}

/** Over the number, like the jewels of a crown: what is left is red, what is lost is dark. */
function lives(context: Context, x: number, y: number, size: number, count: number): void {
  for (let n = 0; n < LIVES; n++) {
    const angle = -Math.PI / 2 + (n - (LIVES - 1) / 2) * 0.62;
    const at = [x + Math.cos(angle) * size * 1.42, y + Math.sin(angle) * size * 1.42] as const;
    context.fillStyle = "#ffffff";
    disc(context, ...at, size * 0.42);
    context.fillStyle = n < count ? "#e0264b" : "#4a4568";
    disc(context, ...at, n < count ? size * 0.31 : size * 0.2);
  }
}

/** An arrowhead that points down at the own goat. */
function pointer(context: Context, x: number, y: number, size: number): void {
  context.fillStyle = OWN;
  context.strokeStyle = "rgb(30 27 75 / 70%)";
  context.lineWidth = Math.max(1, size * 0.14);
  context.beginPath();
  context.moveTo(x, y + size * 0.35);
  context.lineTo(x - size * 0.62, y - size * 0.5);
  context.lineTo(x + size * 0.62, y - size * 0.5);
  context.closePath();
  context.fill();
  context.stroke();
}

function disc(context: Context, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
