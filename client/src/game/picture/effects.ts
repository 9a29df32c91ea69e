/**
 * What is seen for a moment: dust, blows, falls. Each effect follows from its age alone, so it looks the same however many pictures
 * a second there are, and is over after a pause as if there had been none.
 */

import type { Happening } from "../happenings";
import { MIN_RADIUS, type World } from "../world";
import { SIZE } from "./body";
import { type Camera, project } from "./camera";
import { drawGoat } from "./goat";
import { noise } from "./noise";
import type { Palette } from "./palette";

type Context = CanvasRenderingContext2D;

/** How long each is seen, in milliseconds. */
const LASTS = { dust: 750, blow: 320, fall: 1300, stone: 1100, back: 650, cheer: 4200 };

/** More at once would only be a blur. */
const MOST = 80;

/** Ticks from one stone that breaks off to the next. */
const TICKS_A_STONE = 5;

interface Effect {
  kind: keyof typeof LASTS;
  /** When it began, in milliseconds. */
  since: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  seat: number;
  /** Counts all effects: no two look alike. */
  n: number;
}

export class Effects {
  #effects: Effect[] = [];
  #count = 0;
  #stones = 0;

  /** Whether something is to be seen now that moves. */
  get active(): boolean {
    return this.#effects.length > 0;
  }

  /** Adds what is to be seen of these. `calm`: nothing may move, so of each only the necessary is shown. */
  add(happened: readonly Happening[], world: World, now: number, calm: boolean): void {
    for (const happening of happened) {
      const goat = world.goats[happening.seat];
      if (!goat) continue;
      const at = { x: goat.x, y: goat.y, vx: goat.vx, vy: goat.vy, seat: happening.seat };
      if (happening.kind === "fell") this.#begin("fall", now, at);
      else if (happening.kind === "hit") this.#begin("blow", now, at);
      if (calm) continue;
      if (happening.kind === "hit" || happening.kind === "lunge") this.#begin("dust", now, at);
      if (happening.kind === "back") this.#begin("back", now, at);
    }
    const stones = Math.floor(world.tick / TICKS_A_STONE);
    if (!calm && stones !== this.#stones && world.tick > 0 && world.radius > MIN_RADIUS) {
      const angle = noise(stones, 90) * 2 * Math.PI;
      const [x, y] = [Math.cos(angle) * world.radius, Math.sin(angle) * world.radius];
      this.#begin("stone", now, { x, y, vx: Math.cos(angle), vy: Math.sin(angle), seat: 0 });
    }
    this.#stones = stones;
  }

  /** Somebody has won. */
  cheer(now: number): void {
    this.#begin("cheer", now, { x: 0, y: 0, vx: 0, vy: 0, seat: 0 });
  }

  clear(): void {
    this.#effects = [];
  }

  /** Forgets what is over. */
  tidy(now: number): void {
    this.#effects = this.#effects.filter(({ kind, since }) => now - since < LASTS[kind]);
  }

  /** What is behind the mountain: it fell to the north. */
  drawBehind(context: Context, camera: Camera, palette: Palette, now: number, calm: boolean): void {
    this.#draw(context, camera, palette, now, calm, true);
  }

  /** All else, over the mountain. */
  drawBefore(context: Context, camera: Camera, palette: Palette, now: number, calm: boolean): void {
    this.#draw(context, camera, palette, now, calm, false);
  }

  #draw(
    context: Context,
    camera: Camera,
    palette: Palette,
    now: number,
    calm: boolean,
    behind: boolean,
  ): void {
    for (const effect of this.#effects) {
      const falls = effect.kind === "fall" || effect.kind === "stone";
      if (behind !== (falls && effect.y < 0)) continue;
      const age = (now - effect.since) / LASTS[effect.kind];
      if (age < 0 || age >= 1) continue;
      if (effect.kind === "fall") fall(context, camera, palette, effect, age, calm);
      else if (effect.kind === "stone") stone(context, camera, palette, effect, age);
      else if (effect.kind === "blow") blow(context, camera, effect, age, calm);
      else if (effect.kind === "cheer") cheer(context, effect, age);
      else puffs(context, camera, palette, effect, age);
    }
  }

  #begin(
    kind: Effect["kind"],
    since: number,
    at: Pick<Effect, "x" | "y" | "vx" | "vy" | "seat">,
  ): void {
    this.#effects = [...this.#effects, { kind, since, ...at, n: this.#count++ }].slice(-MOST);
  }
}

/** A goat tumbles into the haze. */
function fall(
  context: Context,
  camera: Camera,
  palette: Palette,
  { x, y, vx, vy, seat, n }: Effect,
  age: number,
  calm: boolean,
): void {
  const far = Math.hypot(x, y) || 1;
  // Outwards in any case, so that it does not fall through the mountain.
  const speed = Math.max(5, Math.min(14, Math.hypot(vx, vy)));
  const way = calm ? 0 : speed * 8 * age;
  const pose = {
    x: x + (x / far) * way,
    y: y + (y / far) * way,
    z: calm ? 0 : 26 * Math.sin(Math.min(1, age * 3.2) * Math.PI * 0.5) - 420 * age * age,
    facing: Math.atan2(y, x) + (n % 2 === 0 ? 0.5 : -0.5),
    bowed: 0,
    fainted: 1,
    tumble: calm ? 0 : age * 7,
    step: 0,
    stride: 0,
  };
  drawGoat(context, camera, pose, seat, palette, Math.min(1, (1 - age) * 2.2));
}

function stone(
  context: Context,
  camera: Camera,
  palette: Palette,
  { x, y, vx, vy, n }: Effect,
  age: number,
): void {
  const size = 3 + 5 * noise(n, 91);
  const [px, py] = project(camera, x + vx * 26 * age, y + vy * 26 * age, -300 * age * age);
  context.fillStyle = `rgb(${palette.rock[age > 0.3 ? 1 : 0].join(" ")} / ${(1 - age) * 100}%)`;
  context.beginPath();
  for (let corner = 0; corner < 5; corner++) {
    const angle = (corner / 5) * 2 * Math.PI + age * 6;
    const far = size * (0.7 + 0.5 * noise(n * 5 + corner, 92)) * camera.scale;
    context.lineTo(px + Math.cos(angle) * far, py + Math.sin(angle) * far);
  }
  context.fill();
}

/** A star where a goat was hit. */
function blow(
  context: Context,
  camera: Camera,
  { x, y, n }: Effect,
  age: number,
  calm: boolean,
): void {
  const [px, py] = project(camera, x, y, SIZE);
  const grown = calm ? 0.6 : 1 - (1 - age) ** 3;
  const [inner, outer] = [SIZE * (0.9 + 0.9 * grown), SIZE * (1.5 + 1.7 * grown)];
  context.strokeStyle = `rgb(255 255 255 / ${(1 - age) * 100}%)`;
  context.lineCap = "round";
  context.lineWidth = Math.max(2, 4 * camera.scale * (1 - age * 0.6));
  context.beginPath();
  for (let ray = 0; ray < 9; ray++) {
    const angle = ((ray + noise(n, 93)) / 9) * 2 * Math.PI;
    const long = outer * (0.8 + 0.4 * noise(ray, n));
    const [dx, dy] = [Math.cos(angle) * camera.scale, Math.sin(angle) * camera.scale];
    context.moveTo(px + dx * inner, py + dy * inner);
    context.lineTo(px + dx * long, py + dy * long);
  }
  context.stroke();
}

/** Dust along the way that a goat takes, or around where it stands. */
function puffs(
  context: Context,
  camera: Camera,
  palette: Palette,
  { kind, x, y, vx, vy, n }: Effect,
  age: number,
): void {
  const count = kind === "back" ? 10 : 8;
  const grown = 1 - (1 - age) ** 2;
  for (let puff = 0; puff < count; puff++) {
    const angle = ((puff + noise(puff, n)) / count) * 2 * Math.PI;
    const away = SIZE * (0.5 + 1.5 * grown * (0.5 + noise(puff, n + 1)));
    const trail = kind === "back" ? 0 : puff / count;
    const [px, py] = project(
      camera,
      x - vx * 2.2 * trail + Math.cos(angle) * away,
      y - vy * 2.2 * trail + Math.sin(angle) * away,
      SIZE * (0.15 + 0.7 * grown * noise(puff, n + 2)),
    );
    const size = SIZE * (0.2 + 0.34 * grown) * (0.7 + 0.6 * noise(puff, n + 3)) * camera.scale;
    context.fillStyle = `rgb(${palette.dust} / ${Math.round(72 * (1 - age))}%)`;
    context.beginPath();
    context.arc(px, py, size, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Confetti over all of the picture. */
function cheer(context: Context, { n }: Effect, age: number): void {
  const { width, height } = context.canvas;
  const size = Math.max(4, width / 130);
  for (let piece = 0; piece < 90; piece++) {
    const start = noise(piece, n) * 0.35;
    const own = (age - start) / (1 - start);
    if (own <= 0) continue;
    const sway = Math.sin(own * 9 + piece) * width * 0.02;
    const x = noise(piece, n + 1) * width + sway;
    const y = -size + own * height * (0.75 + 0.5 * noise(piece, n + 2));
    context.save();
    context.translate(x, y);
    context.rotate(own * 8 * (noise(piece, n + 3) - 0.5) + piece);
    context.globalAlpha = Math.min(1, (1 - age) * 3);
    context.fillStyle = CONFETTI[piece % CONFETTI.length] ?? "white";
    context.fillRect(-size / 2, (-size / 3) * Math.cos(own * 12 + piece), size, size * 0.66);
    context.restore();
  }
}

const CONFETTI = ["#fbbf24", "#5b52f0", "#ff5d73", "#34c3a0", "#ffffff", "#7dd3fc"];
