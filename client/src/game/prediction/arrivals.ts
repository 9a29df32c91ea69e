/** When snapshots came: that says when the server's ticks are, and how uneven the way from there is. */

/** What came longer ago than this does not count any more. In milliseconds. */
const WINDOW_MS = 1000;

/** After so long without a snapshot nothing is as it was. In milliseconds. */
const GAP_MS = 500;

export class Arrivals {
  readonly #tickMs: number;
  /** For each snapshot, when that of tick 0 would have come, had it been on its way for as long. */
  #starts: { time: number; start: number }[] = [];
  #earliest = 0;
  #heldUpMs: number[] = [];

  /** `tickMs`: from one tick to the next, in milliseconds. */
  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  /** The snapshot of `tick` came at `time`. Whether there was a gap before it, or nothing at all. */
  heard(tick: number, time: number): boolean {
    const before = this.#starts.at(-1)?.time ?? Number.NEGATIVE_INFINITY;
    const isGap = time - before > GAP_MS;
    if (isGap) this.#starts = [];
    this.#starts = this.#starts.filter((arrival) => time - arrival.time < WINDOW_MS);
    this.#starts.push({ time, start: time - tick * this.#tickMs });
    const starts = this.#starts.map(({ start }) => start);
    this.#earliest = Math.min(...starts);
    this.#heldUpMs = starts.map((start) => start - this.#earliest);
    return isGap;
  }

  /** When the snapshot of tick 0 would have come, had nothing held it up. */
  get earliest(): number {
    return this.#earliest;
  }

  /** For so long snapshots are held up in addition to what each needs: on average. In milliseconds. */
  get meanHeldUpMs(): number {
    const sum = this.#heldUpMs.reduce((sum, ms) => sum + ms, 0);
    return sum / Math.max(1, this.#heldUpMs.length);
  }

  /** And at the most. */
  get mostHeldUpMs(): number {
    return Math.max(0, ...this.#heldUpMs);
  }
}
