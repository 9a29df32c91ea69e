/** What is seen by whoever only watches, or has other rules than the server: the match a moment ago, when all of it is known. */

import { between, type World } from "../world";
import { Arrivals } from "./arrivals";
import { Pace } from "./pace";

/** So long ago is what is seen at the least, in milliseconds: then two snapshots are there to be drawn between, also if one is lost. */
const BEHIND_MS = 100;

/** It is never longer ago than this, however uneven the way is. In milliseconds. */
const MOST_BEHIND_MS = 500;

/** So many snapshots are kept: more than can be asked for. */
const KEPT = 40;

export class Interpolation {
  readonly #tickMs: number;
  readonly #arrivals: Arrivals;
  readonly #pace: Pace;
  #worlds: World[] = [];

  /** `tickMs`: from one tick to the next, in milliseconds. */
  constructor(tickMs: number) {
    this.#tickMs = tickMs;
    this.#arrivals = new Arrivals(tickMs);
    this.#pace = new Pace(tickMs);
  }

  /** A snapshot came at `time`. */
  heard(world: World, time: number): void {
    const last = this.#worlds.at(-1);
    if (last?.match === world.match && last.tick >= world.tick) return;
    if (last?.match !== world.match) this.#worlds = [];
    if (this.#arrivals.heard(world.tick, time)) this.#pace.gap(time);
    this.#worlds = [...this.#worlds, world].slice(-KEPT);
  }

  /** What is to be seen at `time`; null as long as there is nothing. */
  look(time: number): World | null {
    const tick = this.#pace.at(time, this.#goal(time));
    const next = this.#worlds.findIndex((world) => world.tick > tick);
    const [before, after] = [this.#worlds[next - 1], this.#worlds[next]];
    if (after === undefined) return this.#worlds.at(-1) ?? null;
    if (before === undefined) return after;
    return between(before, after, (tick - before.tick) / (after.tick - before.tick));
  }

  #goal(time: number): number {
    const uneven = this.#arrivals.mostHeldUpMs + this.#tickMs;
    const behind = Math.min(MOST_BEHIND_MS, Math.max(BEHIND_MS, uneven));
    return (time - this.#arrivals.earliest - behind) / this.#tickMs;
  }
}
