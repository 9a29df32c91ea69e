/** A worse network than there is: what goes through it comes late, or is lost. For seeing what that does to a game. */

/** How bad it is. Whoever holds this may change it at any time. */
export interface Lag {
  /** So long everything takes in addition, each way. From 0 to 400, in milliseconds. */
  delayMs: number;
  /** The part that is lost of what may be lost, from 0 to 0.2. */
  dropShare: number;
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
  #items: Item<T>[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds; `chance` gives a number from 0 up to 1. */
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
  }

  /** Sends `value` on its way. What says the same again soon is `mayBeLost`; all else only comes late. */
  push(value: T, mayBeLost: boolean): void {
    // A browser lets timers wait in a page that nobody sees, but not what arrives: so nothing heaps up there.
    this.#flush();
    if (mayBeLost && this.#chance() < this.#lag.dropShare) return;
    const due = this.#now() + this.#lag.delayMs;
    if (this.#items.length === 0 && this.#lag.delayMs === 0) this.#deliver(value);
    else {
      this.#items.push({ due, value });
      this.#wait();
    }
  }

  /** Forgets what is on its way. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#items = [];
  }

  #flush(): void {
    const time = this.#now();
    // With less delay than before, what was sent later would overtake: it waits until it is its turn.
    while (this.#items[0] && this.#items[0].due <= time) {
      const [first] = this.#items.splice(0, 1);
      if (first) this.#deliver(first.value);
    }
    this.#wait();
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const first = this.#items[0];
    if (!first) return;
    this.#timer = setTimeout(() => this.#flush(), Math.max(0, first.due - this.#now()));
  }
}
