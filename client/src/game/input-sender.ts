/** Says to the server what the player does: once in a tick at the most, each change, and now and then that nothing has changed. */

import { type Input, NEUTRAL } from "./wire";

/**
 * After so long without a change the last input is said again: it is a sign of life, and says what the player has seen.
 * In milliseconds, a little less than the server expects.
 */
const REPEAT_MS = 240;

/** So many changes may wait for their ticks. Whoever presses faster than that is not followed: it would come too late. */
const MOST = 6;

export class InputSender {
  readonly #send: (input: Input, tick: number) => void;
  /** What is not said yet, of which each tick takes one. */
  #waiting: Input[] = [];
  /** What was said last. */
  #said = NEUTRAL;
  #running = false;
  #tick = 0;
  #saidAt = Number.NEGATIVE_INFINITY;

  /** `send` takes an input and the tick that it is meant for. */
  constructor(send: (input: Input, tick: number) => void) {
    this.#send = send;
  }

  /** Begins to say something, with the next turn. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#waiting = [this.#newest];
    this.again();
  }

  /** Says nothing any more. The next match counts its ticks from the beginning. */
  stop(): void {
    this.#running = false;
    this.#tick = 0;
  }

  /** With the next turn says what holds, even if the server has been told: it may have heard nothing of it. */
  again(): void {
    this.#saidAt = Number.NEGATIVE_INFINITY;
  }

  /** The same to another server, for which ticks may come again. */
  anew(): void {
    this.#tick = 0;
    this.again();
  }

  /** The player does this now. */
  change(input: Input): void {
    const newest = this.#newest;
    if (input.direction === newest.direction && input.hold === newest.hold) return;
    // A press and its release both count, however close they are. Of two directions the newer one counts.
    if (this.#waiting.length > 0 && input.hold === newest.hold) this.#waiting.pop();
    this.#waiting.push(input);
    if (this.#waiting.length > MOST) this.#waiting.splice(0, 2);
  }

  /** At `time`, in milliseconds, the page has come to `tick`: it is called once for each. */
  turn(tick: number, time: number): void {
    if (!this.#running) return;
    const isSilent = time - this.#saidAt >= REPEAT_MS && tick > this.#tick;
    const next = this.#waiting.shift() ?? (isSilent ? this.#said : undefined);
    if (next === undefined) return;
    this.#said = next;
    this.#saidAt = time;
    // Numbers rise. A page whose clock was put back uses one that is still to come.
    this.#tick = Math.max(tick, this.#tick + 1);
    this.#send(next, this.#tick);
  }

  /** Says at once what holds now, and nothing of what came before: nobody looks any more, and no tick may come for long. */
  flush(tick: number, time: number): void {
    if (this.#waiting.length === 0) return;
    this.#waiting = [this.#newest];
    this.turn(tick + 1, time);
  }

  get #newest(): Input {
    return this.#waiting.at(-1) ?? this.#said;
  }
}
