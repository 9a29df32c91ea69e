/** Keeps this page from hammering servers that let it in and send it away again. */

/** The pause after the second time in a row. Each time more doubles it, up to the longest. In milliseconds. */
const [FIRST_MS, LONGEST_MS] = [250, 6000];

/** Whoever was welcome for so long was not sent away. In milliseconds. */
const STAYED_MS = 4000;

export class Restraint {
  readonly #now: () => number;
  #times = 0;
  #welcomeAt: number | null = null;

  /** `now` counts milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long to wait at least before the next try, in milliseconds. The first one costs nothing: mostly it is a server that ends. */
  get pauseMs(): number {
    return this.#times < 2 ? 0 : Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#times - 2));
  }

  /** A server has let this page in. */
  welcomed(): void {
    this.#welcomeAt = this.#now();
  }

  /** A server has closed a connection. */
  sentAway(): void {
    const hasStayed = this.#welcomeAt !== null && this.#now() - this.#welcomeAt >= STAYED_MS;
    this.#times = hasStayed ? 1 : this.#times + 1;
    this.#welcomeAt = null;
  }
}
