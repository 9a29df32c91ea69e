/** Asks again and again how it stands: often while that matters, and else now and then. */

/** From one answer to the next question, on average: while it matters, and else. In milliseconds. */
const [OFTEN_MS, SELDOM_MS] = [1000, 3000];

export class Poll {
  readonly #ask: () => Promise<void>;
  readonly #matters: () => boolean;
  readonly #hidden: () => boolean;
  readonly #chance: () => number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #again = false;

  /** `matters`: whether news may come at any moment. `hidden`: whether nobody sees this page. `chance` gives a number from 0 up to 1. */
  constructor(
    ask: () => Promise<void>,
    matters: () => boolean,
    hidden: () => boolean,
    chance: () => number = Math.random,
  ) {
    this.#ask = ask;
    this.#matters = matters;
    this.#hidden = hidden;
    this.#chance = chance;
  }

  /** Asks at once, and goes on from there. */
  async now(): Promise<void> {
    // What is on its way may be older than what made somebody ask.
    this.#again = this.#asking;
    if (this.#asking) return;
    clearTimeout(this.#timer);
    this.#asking = true;
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again);
    this.#asking = false;
    this.plan();
  }

  /** Whether it matters has changed. */
  plan(): void {
    if (this.#asking) return;
    clearTimeout(this.#timer);
    const period = this.#matters() ? OFTEN_MS : SELDOM_MS;
    // Replicas take turns. In step with the page's other questions, one and the same replica would always hear this one, and never those.
    const wait = period * (0.5 + this.#chance());
    this.#timer = setTimeout(() => this.#due(), wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #due(): void {
    // A page that nobody sees asks nothing, unless somebody could be led into a match.
    if (this.#hidden() && !this.#matters()) this.plan();
    else void this.now();
  }
}
