/** How well the own goat was shown: for each tick, what was on the screen for it against what the server says of it. */

/** The shares are those of so many milliseconds, if nothing else is said. */
const WINDOW_MS = 20_000;

/** So much off, in pixels, is not noticed. */
const TOLERANCE = 1;

/** Where the goat was shown for a tick: as the page predicted it, and as the last snapshot had it. */
export interface Shown {
  withPrediction: Place;
  without: Place;
}

export interface Place {
  x: number;
  y: number;
}

/** Of the ticks of the last seconds those in which the goat was off by more than a pixel, from 0 to 1. */
export interface Shares {
  withPrediction: number;
  without: number;
}

interface Verdict {
  time: number;
  withPrediction: boolean;
  without: boolean;
}

export class Accuracy {
  readonly #windowMs: number;
  #told: { tick: number; place: Place | null } | null = null;
  #shown = new Map<number, Shown>();
  #verdicts: Verdict[] = [];

  constructor(windowMs = WINDOW_MS) {
    this.#windowMs = windowMs;
  }

  /** The goat was shown like this for `tick`, at `time`. */
  shown(tick: number, time: number, shown: Shown): void {
    this.#shown.set(tick, shown);
    const told = this.#told;
    if (told !== null && told.tick === tick) this.told(tick, time, told.place);
  }

  /** At `time` the server says where it was at `tick`; null if it was not on the mountain. */
  told(tick: number, time: number, place: Place | null): void {
    this.#told = { tick, place };
    const shown = this.#shown.get(tick);
    for (const old of this.#shown.keys()) if (old <= tick) this.#shown.delete(old);
    this.#verdicts = this.#verdicts.filter((verdict) => time - verdict.time < this.#windowMs);
    if (shown === undefined || place === null) return;
    const isOff = ({ x, y }: Place) => Math.hypot(x - place.x, y - place.y) > TOLERANCE;
    this.#verdicts.push({
      time,
      withPrediction: isOff(shown.withPrediction),
      without: isOff(shown.without),
    });
  }

  get count(): number {
    return this.#verdicts.length;
  }

  /** Null if nothing was compared lately. */
  get shares(): Shares | null {
    const count = this.#verdicts.length;
    if (count === 0) return null;
    const share = (way: keyof Shares) =>
      this.#verdicts.filter((verdict) => verdict[way]).length / count;
    return { withPrediction: share("withPrediction"), without: share("without") };
  }

  forget(): void {
    this.#told = null;
    this.#shown.clear();
    this.#verdicts = [];
  }
}
