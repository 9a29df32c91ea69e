/** Draws a match: the newest snapshot, as often as the screen shows another picture. */

import type { Happening } from "../happenings";
import type { World } from "../world";
import { drawBackdrop } from "./backdrop";
import { type Camera, cameraFor } from "./camera";
import { Effects } from "./effects";
import { drawGoat, drawShadow, poseOf } from "./goat";
import { drawCharge, drawNumber, drawOwnRing, drawSpeed, drawStars } from "./marks";
import { drawName } from "./names";
import { Mountain } from "./mountain";
import { DAY, NIGHT, type Palette } from "./palette";

/** The name of each seat's player; null for a seat without one. */
type Names = readonly (string | null)[];

/** Through a shade one sees the mountain. */
const SHADE = 0.32;

export class Picture {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  readonly #before: () => void;
  readonly #effects = new Effects();
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");
  readonly #calm = matchMedia("(prefers-reduced-motion: reduce)");
  readonly #backdrop = document.createElement("canvas");
  #palette: Palette;
  #mountain: Mountain;
  #world: World;
  #own: number | null = null;
  #names: Names | null = null;
  #runs = false;
  #frame = 0;
  #changed = true;

  /** `world` is what is shown at first. `before` is called before each picture is drawn, to say what it shows. */
  constructor(canvas: HTMLCanvasElement, world: World, before: () => void = () => {}) {
    this.#canvas = canvas;
    this.#before = before;
    this.#context = canvas.getContext("2d", { alpha: false });
    this.#world = world;
    this.#palette = this.#dark.matches ? NIGHT : DAY;
    this.#mountain = new Mountain(this.#palette);
    this.#dark.addEventListener("change", () => this.#paint());
    const isExact = "devicePixelContentBoxSize" in ResizeObserverEntry.prototype;
    const box = isExact ? "device-pixel-content-box" : "content-box";
    new ResizeObserver((entries) => this.#resize(entries.at(-1))).observe(canvas, { box });
  }

  /** Shows this from the next picture on. `own`: the seat of who looks; null for none. `names`: null: goats have no numbers either. */
  show(world: World, own: number | null, names: Names | null): void {
    if (world.match !== this.#world.match) this.#effects.clear();
    this.#world = world;
    this.#own = own;
    this.#names = names;
    this.request();
  }

  /** Lets be seen what happened. */
  happened(happened: readonly Happening[]): void {
    this.#effects.add(happened, this.#world, performance.now(), this.#calm.matches);
    this.request();
  }

  /** Somebody has won. */
  cheer(): void {
    if (!this.#calm.matches) this.#effects.cheer(performance.now());
    this.request();
  }

  /** Whether something moves, even if nothing happens. */
  run(runs: boolean): void {
    this.#runs = runs;
    this.request();
  }

  /** Another picture is wanted, as soon as the screen shows one. */
  request(): void {
    this.#changed = true;
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(now: number): void {
    this.#before();
    this.#frame = 0;
    this.#effects.tidy(now);
    const moves = this.#effects.active || (this.#runs && !this.#calm.matches);
    if (this.#changed || moves) this.#drawAll(now);
    this.#changed = false;
    if (moves) this.#frame = requestAnimationFrame((next) => this.#draw(next));
  }

  #drawAll(now: number): void {
    const context = this.#context;
    if (!context || this.#canvas.width === 0) return;
    const { width, height } = this.#canvas;
    this.#canvas.dataset.tick = String(this.#world.tick);
    const [world, palette, calm] = [this.#world, this.#palette, this.#calm.matches];
    const camera = cameraFor(width, height, world.radius);
    const time = calm || !this.#runs ? null : now;
    context.drawImage(this.#backdrop, 0, 0);
    this.#effects.drawBehind(context, camera, palette, now, calm);
    this.#mountain.draw(context, camera, world.radius, world.tick > 0, time);
    this.#goats(context, camera, time);
    this.#effects.drawBefore(context, camera, palette, now, calm);
  }

  #goats(context: CanvasRenderingContext2D, camera: Camera, time: number | null): void {
    const up = [...this.#world.goats.entries()].filter(([, goat]) => goat.standing === "up");
    // The nearer ones hide those behind them.
    up.sort(([, a], [, b]) => a.y - b.y);
    for (const [, goat] of up) drawShadow(context, camera, goat, this.#palette);
    for (const [seat, goat] of up) {
      if (seat === this.#own) drawOwnRing(context, camera, goat, this.#palette, time);
      drawCharge(context, camera, goat, time);
    }
    for (const [seat, goat] of up) {
      const alpha = goat.shade ? SHADE : 1;
      drawSpeed(context, camera, goat);
      drawGoat(context, camera, poseOf(goat), seat, this.#palette, alpha);
      if (goat.fainted) drawStars(context, camera, goat, time);
    }
    if (this.#names === null) return;
    const pixelRatio = this.#canvas.width / Math.max(1, this.#canvas.clientWidth);
    for (const [seat, goat] of up) {
      drawNumber(context, camera, goat, seat, seat === this.#own, pixelRatio);
    }
    for (const [seat, goat] of up) {
      const name = this.#names[seat] ?? null;
      if (name !== null) drawName(context, camera, goat, name, seat === this.#own, pixelRatio);
    }
  }

  #resize(entry: ResizeObserverEntry | undefined): void {
    // Where the browser says it, in device pixels, so that nothing is blurred.
    const exact = entry?.devicePixelContentBoxSize?.[0];
    const { clientWidth, clientHeight } = this.#canvas;
    const size = (css: number, device = 0) => {
      const reckoned = Math.round(css * devicePixelRatio);
      // It differs by rounding only; where a screen is only pretended, it may be something else.
      return Math.abs(device - reckoned) <= 2 ? device : reckoned;
    };
    const width = size(clientWidth, exact?.inlineSize);
    const height = size(clientHeight, exact?.blockSize);
    if (width === 0 || (width === this.#canvas.width && height === this.#canvas.height)) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#paint();
  }

  /** Draws anew what stands still. */
  #paint(): void {
    const palette = this.#dark.matches ? NIGHT : DAY;
    if (palette !== this.#palette) this.#mountain = new Mountain(palette);
    this.#palette = palette;
    this.#backdrop.width = this.#canvas.width;
    this.#backdrop.height = this.#canvas.height;
    const context = this.#backdrop.getContext("2d", { alpha: false });
    if (context) drawBackdrop(context, this.#backdrop.width, this.#backdrop.height, palette);
    // At once: a canvas that got another size is empty.
    this.#drawAll(performance.now());
    this.request();
  }
}
