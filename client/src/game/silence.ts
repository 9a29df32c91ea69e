/** Notices that nothing is heard any more, though there should be. */

/** A timer that comes so much too late has waited for the page, which was busy or stood still. What came meanwhile may be about to be read. In milliseconds. */
const LATE_MS = 100;

export class Silence {
  readonly #silent: () => void;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds. */
  constructor(silent: () => void, now: () => number) {
    this.#silent = silent;
    this.#now = now;
  }

  /** There was a word now. The next one must come within `ms` milliseconds. */
  expect(ms: number): void {
    this.stop();
    const due = this.#now() + ms;
    this.#timer = setTimeout(() => {
      if (this.#now() - due < LATE_MS) this.#silent();
      else this.#timer = setTimeout(() => this.#silent(), LATE_MS);
    }, ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
