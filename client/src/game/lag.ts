/** A worse network than there is: what goes through it comes late, or is lost, or waits for its end. For seeing what that does to a game. */

/** How bad it is. Whoever holds this may change it at any time. */
export interface Lag {
  /** So long everything takes in addition, each way. From 0 to 400, in milliseconds. */
  delayMs: number;
  /** So much sooner or later than that each frame comes, at most, in milliseconds. */
  jitterMs: number;
  /** The part that is lost of what may be lost, from 0 to 0.2. */
  dropShare: number;
  /** When nothing passes at all, by the clock of the lines; null if there is no such time. */
  cut: Cut | null;
}

export interface Cut {
  from: number;
  until: number;
}

/** After a cut, a connection from before it waits for half of its length to be tried again, as TCP does, and never longer than this. In milliseconds. */
const LATEST_MS = 1100;

/** A network that is as good as it is. */
export function noLag(): Lag {
  return { delayMs: 0, jitterMs: 0, dropShare: 0, cut: null };
}

interface Item<T> {
  readonly due: number;
  readonly value: T;
}

/** One way through that network. What goes in first comes out first, as with TCP. */
export class LaggedLine<T> {
  readonly #lag: Lag;
  readonly #deliver: (value: T) => void;
  readonly #now: () => number;
  readonly #chance: () => number;
  readonly #openedAt: number;
  #items: Item<T>[] = [];
  #lastDue = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** It is opened now. `now` counts milliseconds; `chance` gives a number from 0 up to 1. */
  constructor(
    lag: Lag,
    deliver: (value: T) => void,
    now: () => number,
    chance: () => number = Math.random,
  ) {
    this.#lag = lag;
    this.#deliver = deliver;
    this.#now = now;
    this.#chance = chance;
    this.#openedAt = now();
  }

  /** Sends `value` on its way. What says the same again soon is `mayBeLost`; all else only comes late. */
  push(value: T, mayBeLost: boolean): void {
    // A browser lets timers wait in a page that nobody sees, but not what arrives: so nothing heaps up there.
    this.#flush();
    if (mayBeLost && this.#chance() < this.#lag.dropShare) return;
    const { delayMs, jitterMs } = this.#lag;
    const jitter = jitterMs === 0 ? 0 : jitterMs * (2 * this.#chance() - 1);
    // With less delay than before, what was sent later would overtake.
    const due = Math.max(this.#lastDue, this.#now() + Math.max(0, delayMs + jitter));
    this.#lastDue = due;
    this.#items.push({ due, value });
    this.#flush();
  }

  /** Forgets what is on its way. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#items = [];
  }

  #flush(): void {
    while (this.#items[0] && this.#due(this.#items[0]) <= this.#now()) {
      const [first] = this.#items.splice(0, 1);
      if (first) this.#deliver(first.value);
    }
    this.#wait();
  }

  /** When it comes out at the other end. */
  #due({ due }: Item<T>): number {
    const { cut } = this.#lag;
    if (cut === null || due < cut.from) return due;
    const wasOpen = this.#openedAt < cut.from;
    const late = wasOpen ? Math.min(LATEST_MS, (cut.until - cut.from) / 2) : 0;
    return Math.max(due, cut.until + late);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const first = this.#items[0];
    if (!first) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, this.#due(first) - this.#now()));
  }
}
