/** What stands still behind the mountain: sky, light, ridges, and the haze of the valley. It is drawn once for a size. */

import { noise } from "./noise";
import type { Palette } from "./palette";

type Context = CanvasRenderingContext2D;

export function drawBackdrop(
  context: Context,
  width: number,
  height: number,
  palette: Palette,
): void {
  const sky = context.createLinearGradient(0, 0, 0, height * 0.72);
  for (const [n, color] of palette.sky.entries()) sky.addColorStop(n / 2, color);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  if (palette.night) stars(context, width, height);
  light(context, width, height, palette);
  for (const [n, color] of palette.ridges.entries())
    ridge(context, width, height, n, color, palette);
  haze(context, width, height, palette);
}

function stars(context: Context, width: number, height: number): void {
  const size = Math.max(1, width / 700);
  for (let n = 0; n < 90; n++) {
    context.fillStyle = `rgb(255 255 255 / ${0.25 + 0.6 * noise(n, 3)})`;
    context.beginPath();
    const radius = size * (0.5 + noise(n, 2));
    context.arc(noise(n, 0) * width, noise(n, 1) * height * 0.45, radius, 0, 2 * Math.PI);
    context.fill();
  }
}

/** The sun in the north-west, or the moon. */
function light(context: Context, width: number, height: number, palette: Palette): void {
  const size = Math.min(width, height);
  const [x, y, radius] = [width * 0.17, height * 0.13, size * 0.045];
  const glow = context.createRadialGradient(x, y, radius, x, y, size * 0.6);
  glow.addColorStop(0, `rgb(${palette.glow} / 60%)`);
  glow.addColorStop(0.35, `rgb(${palette.glow} / 18%)`);
  glow.addColorStop(1, `rgb(${palette.glow} / 0%)`);
  context.fillStyle = glow;
  context.fillRect(0, 0, width, height);
  context.fillStyle = palette.light;
  context.beginPath();
  if (palette.night) {
    // A crescent: half of a circle, and back on a flatter way.
    context.arc(x, y, radius, Math.PI * 0.35, Math.PI * 1.35);
    context.ellipse(x, y, radius, radius * 0.55, Math.PI * 0.35, Math.PI, 0, true);
  } else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** The `n`-th row of peaks: the nearer, the lower and the darker. Each peak has a side in the light and one in the shade. */
function ridge(
  context: Context,
  width: number,
  height: number,
  n: number,
  color: string,
  palette: Palette,
): void {
  const base = height * (0.36 + 0.13 * n);
  const count = 5 + n;
  const step = width / (count - 1);
  for (let peak = -1; peak <= count; peak++) {
    const x = (peak + 0.8 * (noise(peak + 9, n) - 0.5)) * step;
    const tall = height * (0.14 + 0.13 * noise(peak + 9, n + 10)) * (1 - 0.12 * n);
    const [top, left, right] = [base - tall, x - step * 0.95, x + step * 0.95];
    const foot = base + height * 0.2;
    fill(context, color, [left, foot], [x, top], [right, foot]);
    context.globalAlpha = 0.16;
    const fold = x + step * 0.12 * (noise(peak + 9, n + 20) - 0.2);
    fill(context, palette.outline, [x, top], [fold, base], [fold, foot], [right, foot]);
    context.globalAlpha = 1;
    if (n < 2) snow(context, palette, x, top, tall, step, n);
  }
}

function snow(
  context: Context,
  palette: Palette,
  x: number,
  top: number,
  tall: number,
  step: number,
  n: number,
): void {
  const cap = tall * (0.34 - 0.08 * n);
  const half = (cap / (tall + step * 0.4)) * step * 0.86;
  const down = top + cap;
  context.globalAlpha = 0.85 - 0.25 * n;
  fill(
    context,
    palette.snow,
    [x, top],
    [x + half, down],
    [x + half * 0.4, down - cap * 0.22],
    [x, down + cap * 0.12],
    [x - half * 0.45, down - cap * 0.26],
    [x - half, down],
  );
  context.globalAlpha = 1;
}

function haze(context: Context, width: number, height: number, palette: Palette): void {
  const haze = context.createLinearGradient(0, height * 0.32, 0, height * 0.8);
  haze.addColorStop(0, `rgb(${palette.haze} / 0%)`);
  haze.addColorStop(0.75, `rgb(${palette.haze} / 82%)`);
  haze.addColorStop(1, `rgb(${palette.haze})`);
  context.fillStyle = haze;
  context.fillRect(0, height * 0.32, width, height);
}

function fill(context: Context, color: string, ...points: [number, number][]): void {
  context.fillStyle = color;
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.fill();
}
