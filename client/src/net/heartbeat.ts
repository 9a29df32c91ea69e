/** Asks again and again, one beat after the other, until it is paused. */

export class Heartbeat {
  readonly #beat: () => Promise<unknown>;
  readonly #periodMs: number;
  #paused = true;
  #beating = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `periodMs`: from the end of a beat to the next, in milliseconds. */
  constructor(periodMs: number, beat: () => Promise<unknown>) {
    this.#periodMs = periodMs;
    this.#beat = beat;
    // A page that nobody sees asks nothing.
    document.addEventListener("visibilitychange", () => this.#go());
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Beats at once, and then again and again. */
  start(): void {
    this.#paused = false;
    this.#go();
  }

  pause(): void {
    this.#paused = true;
    clearTimeout(this.#timer);
  }

  async #go(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#paused || this.#beating || document.hidden) return;
    this.#beating = true;
    await this.#beat();
    this.#beating = false;
    if (!this.#paused) this.#timer = setTimeout(() => this.#go(), this.#periodMs);
  }
}
