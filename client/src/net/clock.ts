/**
 * How time goes by. Neither of a browser's two clocks can say that alone: `Date.now()` jumps when somebody sets the
 * clock, and `performance.now()` stands still while the machine sleeps.
 */

/** So far the two may be apart because they are read one after the other, or run unevenly. In milliseconds. */
const UNEVEN_MS = 250;

export class Clock {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #offset: number;
  #apart: number;

  /** `wall` gives the time of the day and `steady` counts from any moment, both in milliseconds. */
  constructor(wall = () => Date.now(), steady = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#apart = wall() - steady();
    this.#offset = this.#apart;
  }

  /**
   * Milliseconds, from 1970 at first. From one call to the next, as many have gone by as the clock says on which it
   * was more: so nothing seems younger than it is.
   */
  now(): number {
    const steady = this.#steady();
    const apart = this.#wall() - steady;
    const gained = apart - this.#apart;
    if (Math.abs(gained) > UNEVEN_MS) {
      this.#apart = apart;
      this.#offset += Math.max(0, gained);
    }
    return steady + this.#offset;
  }
}

const clock = new Clock();

/** `Clock.now` of the clock that all of this page shares. */
export function now(): number {
  return clock.now();
}
