/** Says to the server what the player does: each change, and now and then that nothing has changed. */

import { encodeInput, type Input, NEUTRAL } from "./wire";

/**
 * After so long without a change the last input is said again: it is a sign of life, and says what the player has seen.
 * In milliseconds, a little less than the server expects.
 */
const REPEAT_MS = 240;

/** From one turn to the next, at least, however quick the ticks are: a server does not take any number of frames. In milliseconds. */
const SHORTEST_MS = 60;

export class InputSender {
  readonly #send: (frame: Uint8Array<ArrayBuffer>) => void;
  readonly #now: () => number;
  #input = NEUTRAL;
  #running = false;
  /** From one turn to the next, at least. The server takes one input a tick, so that one sent sooner would only wait there. */
  #pauseMs = SHORTEST_MS;
  #sequence = 0;
  #seenTick = 0;
  #sentAt = 0;
  #changedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds. */
  constructor(send: (frame: Uint8Array<ArrayBuffer>) => void, now: () => number) {
    this.#send = send;
    this.#now = now;
  }

  /** The sequence number of the input that was sent last, from 0 to 65,535. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Begins to send, in a match of which nothing was seen yet. `tickRate`: ticks a second. */
  start(tickRate: number): void {
    if (this.#running) return;
    this.#pauseMs = Math.max(SHORTEST_MS, 1000 / tickRate);
    this.#running = true;
    this.#seenTick = 0;
    this.#sendNow();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  /** The player does this now. */
  change(input: Input): void {
    const before = this.#input;
    if (input.direction === before.direction && input.hold === before.hold) return;
    this.#input = input;
    if (!this.#running) return;
    // A press and its release both count, however close they are, and letting go of everything brooks no delay.
    const urgent = input.hold !== before.hold || input.direction === null;
    const wait = this.#changedAt + this.#pauseMs - this.#now();
    if (urgent || wait <= 0) this.#sendChange();
    else this.#after(wait, () => this.#sendChange());
  }

  /** A snapshot of this tick is there. */
  seen(tick: number): void {
    this.#seenTick = tick;
    // In a page that nobody sees timers wait for up to a minute, and snapshots do not.
    if (this.#running && this.#now() - this.#sentAt >= REPEAT_MS) this.#sendNow();
  }

  #sendNow(): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#sentAt = this.#now();
    this.#send(encodeInput(this.#input, this.#sequence, this.#seenTick));
    this.#after(REPEAT_MS, () => this.#sendNow());
  }

  #sendChange(): void {
    this.#changedAt = this.#now();
    this.#sendNow();
  }

  #after(ms: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, ms);
  }
}
