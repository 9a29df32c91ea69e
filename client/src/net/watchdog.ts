/** Notices that a connection is dead though nothing has closed it: what was cut off says no goodbye, so only silence tells. */

/** A connection that was quiet for so long is asked for a word. In milliseconds. */
const QUIET_MS = 15_000;

/** The answer may take so long. In milliseconds. */
const ANSWER_MS = 5000;

/** And so long when there is reason to doubt the connection, and somebody may be looking. In milliseconds. */
const DOUBT_MS = 2000;

export class Watchdog {
  readonly #ask: () => void;
  readonly #dead: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `ask` sends something that the other side answers at once; `dead` is called when there was no word in time. */
  constructor(ask: () => void, dead: () => void) {
    this.#ask = ask;
    this.#dead = dead;
  }

  /** There was a word, whichever: the connection lives. */
  heard(): void {
    this.stop();
    this.#timer = setTimeout(() => this.#probe(ANSWER_MS), QUIET_MS);
  }

  /** Something happened after which connections are often dead, so it is asked now. */
  doubt(): void {
    this.#probe(DOUBT_MS);
  }

  /** There must be a word within `ms` milliseconds. */
  expect(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.#dead(), ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #probe(patienceMs: number): void {
    this.#ask();
    this.expect(patienceMs);
  }
}
