/**
 * Which tick this page plays now: so far ahead of the server that an input comes there just in time for the tick that it is meant for, and no
 * farther, because whatever is ahead is guesswork.
 */

import { Arrivals } from "./arrivals";
import { Pace } from "./pace";

/** An input that was late makes the page so much earlier than would have been needed, and each one in time so much later. In milliseconds. */
const [LATE_MS, IN_TIME_MS] = [10, 0.02];

/** At first, an input comes so much too early. In milliseconds. */
const MARGIN_MS = 15;

/** The page is never farther ahead than the slowest of the last pings, and so much. In milliseconds. */
const MOST_MARGIN_MS = 60;
const PINGS = 10;

/**
 * What is guessed so far ahead is right nearly always. Where it would have to be more, the picture is so much later than what is said, but not by more
 * than the second number: who steers would notice that. In milliseconds.
 */
const [SURE_MS, MOST_LATER_MS] = [120, 50];

/** The picture gets later, or less so, by this part of the time that passes. */
const SLEW = 0.1;

/** So many inputs may be on their way: when they were due is remembered. */
const MOST_SENT = 64;

export class PageClock {
  readonly tickMs: number;
  readonly #arrivals: Arrivals;
  readonly #pace: Pace;
  /** How far ahead of the earliest snapshots the page is, in milliseconds. */
  #aheadMs: number;
  /** How much later the picture is, in milliseconds. */
  #laterMs = 0;
  #time = 0;
  #pings: number[] = [];
  /** When the input for a tick was due to be sent. */
  readonly #sent = new Map<number, number>();

  /** `tickMs`: from one tick to the next. `roundTripMs`: what a ping has taken; null if that is not known. */
  constructor(tickMs: number, roundTripMs: number | null) {
    this.tickMs = tickMs;
    this.#arrivals = new Arrivals(tickMs);
    this.#pace = new Pace(tickMs);
    this.#aheadMs = (roundTripMs ?? 2 * tickMs) + MARGIN_MS;
    if (roundTripMs !== null) this.#pings = [roundTripMs];
  }

  /** How far ahead of the earliest snapshots the page is, in milliseconds. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The snapshot of `tick` came at `time`. */
  heard(tick: number, time: number): void {
    if (this.#arrivals.heard(tick, time)) this.#pace.gap(time);
  }

  /** A ping took so long. */
  pinged(roundTripMs: number): void {
    this.#pings = [...this.#pings, roundTripMs].slice(-PINGS);
    this.#aheadMs = Math.min(this.#aheadMs, Math.max(...this.#pings) + MOST_MARGIN_MS);
  }

  /** An input for `tick` was sent at `time`. If that was late, because the page had something else to do, this will happen again: it counts as the network does. */
  sent(tick: number, time: number): void {
    this.#sent.set(tick, time - (this.tickAt(time) - tick) * this.tickMs);
    for (const first of this.#sent.keys()) {
      if (this.#sent.size <= MOST_SENT) break;
      this.#sent.delete(first);
    }
  }

  /** The server has played the input for `tick`, not before the tick `at`. */
  played(tick: number, at: number): void {
    const dueAt = this.#sent.get(tick);
    if (dueAt === undefined) return;
    if (at <= tick) this.#aheadMs = Math.max(0, this.#aheadMs - IN_TIME_MS);
    else {
      // It came after the tick before was played. If the page was slower by then than it wants to be now, that alone was the reason.
      const least = (at - 1) * this.tickMs + this.#arrivals.earliest - dueAt;
      this.#aheadMs = Math.max(this.#aheadMs, least + LATE_MS);
    }
  }

  /** The tick of the page at `time`, with a fraction. `time` only rises. */
  tickAt(time: number): number {
    const goal = (time - this.#arrivals.earliest + this.#aheadMs) / this.tickMs;
    const most = SLEW * Math.max(0, time - this.#time);
    const guessed = this.#aheadMs + this.#arrivals.meanHeldUpMs - SURE_MS;
    const later = Math.max(0, Math.min(MOST_LATER_MS, guessed)) - this.#laterMs;
    this.#laterMs += Math.max(-most, Math.min(most, later));
    this.#time = time;
    return this.#pace.at(time, goal);
  }

  /** The tick that is shown at `time`, with a fraction. */
  shownAt(time: number): number {
    return this.tickAt(time) - this.#laterMs / this.tickMs;
  }
}
