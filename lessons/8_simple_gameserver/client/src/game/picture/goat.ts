/** Draws goats. */

import type { GoatView } from "../world";
import { type Part, type Pose, parts, place, SIZE } from "./body";
import { type Camera, circleOnGround, project } from "./camera";
import { pattern } from "./coat";
import { COATS, GOAT, type Palette } from "./palette";

type Context = CanvasRenderingContext2D;

export function coatOf(seat: number): string {
  return COATS[seat % COATS.length] ?? GOAT.hoof;
}

/** How a goat of a match holds itself. */
export function poseOf(goat: GoatView): Pose {
  const { x, y, facing } = goat;
  const speed = Math.hypot(goat.vx, goat.vy);
  return {
    x,
    y,
    z: 0,
    facing,
    bowed: goat.lunge > 0 ? 1 : 0.25 * Math.sign(goat.charge) + 0.65 * goat.charge,
    fainted: goat.fainted ? 1 : 0,
    tumble: 0,
    // Where it is says where in a step it is, so that it does not slide.
    step: (x * Math.cos(facing) + y * Math.sin(facing)) / 5,
    stride: Math.min(1, speed / 4),
  };
}

export function drawShadow(
  context: Context,
  camera: Camera,
  goat: GoatView,
  palette: Palette,
): void {
  context.fillStyle = `rgb(${palette.shadow} / ${goat.shade ? 8 : 24}%)`;
  context.beginPath();
  // Light comes from the north-west.
  circleOnGround(context, camera, goat.x + 3, goat.y + 2, SIZE * 0.98);
  context.fill();
}

/** Draws a goat. `alpha`: from 0, where nothing is seen, to 1. */
export function drawGoat(
  context: Context,
  camera: Camera,
  pose: Pose,
  seat: number,
  palette: Palette,
  alpha = 1,
): void {
  if (alpha >= 1) drawSolid(context, camera, pose, seat, palette);
  else if (alpha > 0) drawFaded(context, camera, pose, seat, palette, alpha);
}

function drawSolid(
  context: Context,
  camera: Camera,
  pose: Pose,
  seat: number,
  palette: Palette,
): void {
  const unit = SIZE * camera.scale;
  const placed = parts(pose, coatOf(seat)).map((part) => {
    const [from, to] = [place(camera, pose, part.from), place(camera, pose, part.to)];
    return { part, from, to, near: from[2] + to[2] };
  });
  placed.sort((a, b) => a.near - b.near);
  context.lineCap = "round";
  const outline = Math.max(1.4, 0.09 * unit);
  const line = ({ part, from, to }: (typeof placed)[number], more: number) => {
    context.lineWidth = part.thick * 2 * unit + more;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0] + 0.01, to[1]);
    context.stroke();
  };
  // First all outlines, then what is inside of them: so there are none between the parts.
  context.strokeStyle = palette.outline;
  for (const one of placed) line(one, outline * 2);
  for (const one of placed) {
    context.strokeStyle = one.part.color;
    line(one, 0);
    if (one.part.name === "body") dress(context, camera, pose, seat, one.part, unit);
  }
}

/** Gives the trunk its pattern, light from above, and shade below. */
function dress(
  context: Context,
  camera: Camera,
  pose: Pose,
  seat: number,
  trunk: Part,
  unit: number,
): void {
  const [from, to] = [place(camera, pose, trunk.from), place(camera, pose, trunk.to)];
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const radius = trunk.thick * unit;
  context.save();
  context.beginPath();
  context.arc(from[0], from[1], radius, angle + Math.PI / 2, angle - Math.PI / 2);
  context.arc(to[0], to[1], radius, angle - Math.PI / 2, angle + Math.PI / 2);
  context.clip();
  context.fillStyle = GOAT.pattern;
  const middle = (from[2] + to[2]) / 2;
  for (const patch of pattern(seat)) {
    const points = patch.map((point) => place(camera, pose, point));
    // What is on the other side is not seen.
    const near = points.reduce((sum, point) => sum + point[2], 0) / points.length;
    if (near < middle - 0.1 * SIZE) continue;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.fill();
  }
  for (const [color, dy] of [
    ["rgb(255 255 255 / 17%)", -0.62],
    ["rgb(20 12 60 / 22%)", 0.72],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = radius;
    context.beginPath();
    context.moveTo(from[0], from[1] + dy * radius);
    context.lineTo(to[0] + 0.01, to[1] + dy * radius);
    context.stroke();
  }
  context.restore();
}

/** For what shines through: its parts lie over each other, and that must not show. */
let scratch: HTMLCanvasElement | null = null;

function drawFaded(
  context: Context,
  camera: Camera,
  pose: Pose,
  seat: number,
  palette: Palette,
  alpha: number,
): void {
  scratch ??= document.createElement("canvas");
  const side = Math.ceil(SIZE * 7 * camera.scale);
  if (scratch.width < side) {
    scratch.width = side;
    scratch.height = side;
  }
  const aside = scratch.getContext("2d");
  if (!aside) return;
  aside.clearRect(0, 0, scratch.width, scratch.height);
  const [x, y] = project(camera, pose.x, pose.y, pose.z + SIZE);
  const moved = { ...camera, x: camera.x - x + side / 2, y: camera.y - y + side / 2 };
  drawSolid(aside, moved, pose, seat, palette);
  context.globalAlpha = alpha;
  context.drawImage(scratch, 0, 0, side, side, x - side / 2, y - side / 2, side, side);
  context.globalAlpha = 1;
}
