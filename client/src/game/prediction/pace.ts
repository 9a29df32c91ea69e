/** A count of ticks that goes after another one, and never jumps: what is drawn by it would jump, too. */

/** By this part it is faster or slower while it has to catch up, or to wait. */
const SLEW = 0.1;

/** What is farther off than this is not caught up. In milliseconds. */
const JUMP_MS = 500;

/** After a gap it may take so long until it is clear again when ticks are. In milliseconds. */
const UNCLEAR_MS = 200;

export class Pace {
  readonly #tickMs: number;
  #tick = Number.NEGATIVE_INFINITY;
  #time = 0;
  #clearAt = Number.NEGATIVE_INFINITY;

  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  /** At `time` there was a gap. */
  gap(time: number): void {
    this.#clearAt = time + UNCLEAR_MS;
  }

  /** Where it is at `time`, on its way to `goal`. `time` only rises. */
  at(time: number, goal: number): number {
    const elapsed = Math.max(0, time - this.#time) / this.#tickMs;
    const gap = goal - (this.#tick + elapsed);
    const [isUnclear, isFar] = [time < this.#clearAt, Math.abs(gap) * this.#tickMs > JUMP_MS];
    if (isFar || (isUnclear && gap > 0)) this.#tick = goal;
    else this.#tick += elapsed + Math.max(-SLEW * elapsed, Math.min(SLEW * elapsed, gap));
    this.#time = time;
    return this.#tick;
  }
}
