/** The mountain: its top, which shrinks, the edge that goes next, and the rock below. */

import { MAX_RADIUS, MIN_RADIUS } from "../world";
import { type Camera, circleOnGround, project } from "./camera";
import { noise } from "./noise";
import type { Palette } from "./palette";

type Context = CanvasRenderingContext2D;

/** What breaks off within three seconds, in pixels: it is marked. */
const BREAKS_SOON = 11;

/** How far down the rock is seen, in pixels. */
const DEEP = 760;

/** The parts of the rock's outline. */
const FACETS = 60;

/** How many clouds there are, and how long one takes to pass by, in milliseconds. */
const [CLOUDS, CLOUD_MS] = [5, 90_000];

/** Side of the picture of the meadow, in its pixels, and how many of them there are in one of the world. */
const [MEADOW_SIDE, MEADOW_SCALE] = [960, 1.5];

export class Mountain {
  readonly #palette: Palette;
  readonly #meadow: HTMLCanvasElement;
  readonly #cloud: HTMLCanvasElement;

  constructor(palette: Palette) {
    this.#palette = palette;
    this.#meadow = meadow(palette);
    this.#cloud = cloud(palette);
  }

  /** `shrinks`: whether the edge is to be marked that breaks off next. `time` in milliseconds; null: nothing moves. */
  draw(
    context: Context,
    camera: Camera,
    radius: number,
    shrinks: boolean,
    time: number | null,
  ): void {
    this.#rock(context, camera, radius);
    this.#clouds(context, camera, time ?? 0);
    this.#top(context, camera, radius);
    if (shrinks && radius > MIN_RADIUS) this.#warning(context, camera, radius, time);
  }

  #rock(context: Context, camera: Camera, radius: number): void {
    const ring = (n: number, out: number, z: number, series: number): [number, number] => {
      const angle = ((n % FACETS) / FACETS) * 2 * Math.PI;
      const away = radius + out * (0.75 + 0.5 * noise(n % FACETS, series));
      return project(camera, Math.cos(angle) * away, Math.sin(angle) * away, z);
    };
    const low = (n: number) => -80 - 70 * noise(n % FACETS, 5);
    for (let n = 0; n < FACETS; n++) {
      const angle = ((n + 0.5) / FACETS) * 2 * Math.PI;
      // From the south, the northern wall is hidden by the mountain itself.
      if (Math.sin(angle) < -0.3) continue;
      const rim = [ring(n, 0, 0, 0), ring(n + 1, 0, 0, 0)] as const;
      const waist = [ring(n, 14, low(n), 1), ring(n + 1, 14, low(n + 1), 1)] as const;
      const foot = [ring(n, 150, -DEEP, 2), ring(n + 1, 150, -DEEP, 2)] as const;
      this.#facet(context, angle, n, [rim[0], rim[1], waist[0]]);
      this.#facet(context, angle, n + 200, [rim[1], waist[1], waist[0]]);
      this.#facet(context, angle, n + 400, [waist[0], waist[1], foot[0]]);
      this.#facet(context, angle, n + 600, [waist[1], foot[1], foot[0]]);
    }
    this.#depth(context, camera, radius);
  }

  #facet(context: Context, angle: number, n: number, points: readonly [number, number][]): void {
    // Light comes from the north-west, and a little by chance.
    const lit = 0.42 + 0.42 * Math.cos(angle - Math.PI * 0.93) + 0.3 * (noise(n, 7) - 0.5);
    const [light, shade] = this.#palette.rock;
    const mixed = light.map((value, i) => {
      const dark = shade[i] ?? value;
      return Math.round(dark + (value - dark) * Math.min(1, Math.max(0, lit)));
    });
    context.fillStyle = `rgb(${mixed.join(" ")})`;
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 1;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
    context.fill();
    // Without it, the background would shine through where two meet.
    context.stroke();
  }

  /** They pass below the mountaintop. */
  #clouds(context: Context, camera: Camera, time: number): void {
    const { width, height } = context.canvas;
    for (let n = 0; n < CLOUDS; n++) {
      const wide = width * (0.34 + 0.26 * noise(n, 82));
      const high = (wide * this.#cloud.height) / this.#cloud.width;
      const way = (n / CLOUDS + (time / CLOUD_MS) * (0.6 + noise(n, 81))) % 1;
      const x = way * (width + wide) - wide;
      const [, low] = project(camera, 0, MAX_RADIUS * 0.62, -90);
      const y = Math.max(low, height * (0.74 + 0.05 * n)) - high / 2;
      context.drawImage(this.#cloud, x, y, wide, high);
    }
  }

  /** The foot of the mountain is lost in the haze. */
  #depth(context: Context, camera: Camera, radius: number): void {
    const [, top] = project(camera, 0, radius * 0.55);
    const [, bottom] = project(camera, 0, radius, -DEEP * 0.3);
    const haze = context.createLinearGradient(0, top, 0, bottom);
    haze.addColorStop(0, `rgb(${this.#palette.haze} / 0%)`);
    haze.addColorStop(0.55, `rgb(${this.#palette.haze} / 42%)`);
    haze.addColorStop(1, `rgb(${this.#palette.haze})`);
    context.fillStyle = haze;
    context.fillRect(0, top, context.canvas.width, context.canvas.height - top);
  }

  #top(context: Context, camera: Camera, radius: number): void {
    const [x, y] = project(camera, 0, 0);
    const size = radius * camera.scale;
    context.save();
    // The earth below the grass, as thick as a goat's leg.
    context.fillStyle = this.#palette.earth;
    context.beginPath();
    circleOnGround(context, { ...camera, y: camera.y + 5 * camera.scale }, 0, 0, radius + 1);
    context.fill();
    context.beginPath();
    circleOnGround(context, camera, 0, 0, radius);
    context.clip();
    const grass = context.createRadialGradient(x, y, 0, x, y, size);
    grass.addColorStop(0, this.#palette.meadow[0]);
    grass.addColorStop(1, this.#palette.meadow[1]);
    context.fillStyle = grass;
    context.fillRect(x - size, y - size, 2 * size, 2 * size);
    const side = (MEADOW_SIDE / MEADOW_SCALE) * camera.scale;
    context.drawImage(this.#meadow, x - side / 2, y - (side * 0.74) / 2, side, side * 0.74);
    context.restore();
    // The rim in the light.
    context.strokeStyle = this.#palette.night ? "rgb(255 255 255 / 22%)" : "rgb(255 255 255 / 65%)";
    context.lineWidth = Math.max(1, 2 * camera.scale);
    context.beginPath();
    circleOnGround(context, camera, 0, 0, radius - 1.5, Math.PI * 0.95, Math.PI * 1.85);
    context.stroke();
  }

  #warning(context: Context, camera: Camera, radius: number, time: number | null): void {
    const breath = time === null ? 0.5 : 0.5 + 0.5 * Math.sin(time / 420);
    const inner = radius - BREAKS_SOON;
    context.save();
    context.beginPath();
    circleOnGround(context, camera, 0, 0, radius);
    circleOnGround(context, camera, 0, 0, inner);
    context.fillStyle = `rgb(${this.#palette.warning} / ${0.16 + 0.14 * breath})`;
    context.fill("evenodd");
    // Cracks, so that it can be told without its colour, too.
    context.strokeStyle = `rgb(${this.#palette.warning} / ${0.45 + 0.35 * breath})`;
    context.lineWidth = Math.max(1, 1.3 * camera.scale);
    context.lineJoin = "round";
    context.beginPath();
    for (let n = 0; n < 72; n++) {
      const angle = ((n + noise(n, 30)) / 72) * 2 * Math.PI;
      const bend = angle + 0.03 * (noise(n, 31) - 0.5);
      const end = bend + 0.03 * (noise(n, 32) - 0.5);
      const middle = inner + BREAKS_SOON * (0.35 + 0.3 * noise(n, 33));
      context.moveTo(...project(camera, Math.cos(angle) * radius, Math.sin(angle) * radius));
      context.lineTo(...project(camera, Math.cos(bend) * middle, Math.sin(bend) * middle));
      context.lineTo(...project(camera, Math.cos(end) * inner, Math.sin(end) * inner));
    }
    for (let n = 0; n <= 96; n++) {
      const angle = (n / 96) * 2 * Math.PI;
      const away = inner + 5 * (noise(n % 96, 34) - 0.5);
      const point = project(camera, Math.cos(angle) * away, Math.sin(angle) * away);
      if (n === 0) context.moveTo(...point);
      else context.lineTo(...point);
    }
    context.stroke();
    context.restore();
  }
}

/** Grass, flowers and stones, seen from straight above; laid down later. */
function meadow(palette: Palette): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = MEADOW_SIDE;
  canvas.height = MEADOW_SIDE;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const place = (n: number, series: number): [number, number] => {
    const angle = noise(n, series) * 2 * Math.PI;
    const away = Math.sqrt(noise(n, series + 1)) * MAX_RADIUS * MEADOW_SCALE * 0.98;
    const middle = MEADOW_SIDE / 2;
    return [middle + Math.cos(angle) * away, middle + Math.sin(angle) * away];
  };
  // Soft lighter and darker places.
  for (let n = 0; n < 46; n++) {
    const [x, y] = place(n, 40);
    const size = 30 + 80 * noise(n, 42);
    const soft = context.createRadialGradient(x, y, 0, x, y, size);
    const color = n % 2 === 0 ? "255 255 255" : "40 70 40";
    soft.addColorStop(0, `rgb(${color} / ${palette.night ? 5 : 11}%)`);
    soft.addColorStop(1, `rgb(${color} / 0%)`);
    context.fillStyle = soft;
    context.fillRect(x - size, y - size, 2 * size, 2 * size);
  }
  context.strokeStyle = palette.tuft;
  context.lineWidth = 2;
  context.lineCap = "round";
  context.globalAlpha = 0.65;
  for (let n = 0; n < 230; n++) {
    const [x, y] = place(n, 50);
    context.beginPath();
    for (const blade of [-1, 0, 1]) {
      context.moveTo(x + blade * 2, y);
      context.lineTo(x + blade * 5, y - 7 - 5 * noise(n, 53 + blade));
    }
    context.stroke();
  }
  context.globalAlpha = palette.night ? 0.7 : 0.95;
  for (let n = 0; n < 70; n++) {
    const [x, y] = place(n, 60);
    context.fillStyle = palette.flowers[n % palette.flowers.length] ?? "white";
    context.beginPath();
    context.ellipse(x, y, 2.6, 3.4, 0, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  for (let n = 0; n < 16; n++) {
    const [x, y] = place(n, 70);
    const size = 4 + 7 * noise(n, 72);
    context.fillStyle = `rgb(${palette.shadow} / 18%)`;
    context.beginPath();
    context.ellipse(x + 1, y + size * 0.5, size * 1.1, size * 0.55, 0, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = `rgb(${palette.rock[0].join(" ")})`;
    context.beginPath();
    for (let corner = 0; corner < 6; corner++) {
      const angle = (corner / 6) * 2 * Math.PI;
      const far = size * (0.75 + 0.4 * noise(n * 6 + corner, 73));
      context.lineTo(x + Math.cos(angle) * far, y + Math.sin(angle) * far * 0.9);
    }
    context.fill();
  }
  return canvas;
}

function cloud(palette: Palette): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = 400;
  canvas.height = 130;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = `rgb(${palette.cloud})`;
  for (let n = 0; n < 13; n++) {
    const part = n / 12;
    const size = 16 + 44 * Math.sin(part * Math.PI) * (0.55 + 0.45 * noise(n, 83));
    context.beginPath();
    context.arc(50 + part * 300, 96 - size * 0.45, size, 0, 2 * Math.PI);
    context.fill();
  }
  // Below it is lost in the haze.
  const fading = context.createLinearGradient(0, 40, 0, 128);
  fading.addColorStop(0, "rgb(0 0 0 / 80%)");
  fading.addColorStop(1, "rgb(0 0 0 / 0%)");
  context.globalCompositeOperation = "destination-in";
  context.fillStyle = fading;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas;
}
