/** The match as this page plays it, or watches it: what its player does goes out, once a tick, and what comes in becomes what is seen. */

import { type Happening, Happenings } from "./happenings";
import { InputSender } from "./input-sender";
import type { Shares } from "./prediction/accuracy";
import { PageClock } from "./prediction/clock";
import { Interpolation } from "./prediction/interpolation";
import { Prediction } from "./prediction/prediction";
import { decode } from "./rules/snapshot";
import { RULES } from "./rules/version";
import { type Status, steers } from "./status";
import { encodeInput, type Input, NEUTRAL } from "./wire";
import { type World, worldOf } from "./world";

/** What of the connection a match needs. */
export interface Wire {
  input(frame: Uint8Array<ArrayBuffer>): void;
  /** How long the last ping took, in milliseconds; null if there was none. */
  readonly roundTripMs: number | null;
}

/** What is to be seen now. */
export interface Look {
  world: World;
  /** What is seen to happen since the last look. Part of it may be foreseen, and in error. */
  happened: Happening[];
  /** What has happened since the last look, as the server says. */
  certain: Happening[];
}

export class Play {
  readonly #wire: Wire;
  readonly #now: () => number;
  readonly #hidden: () => boolean;
  readonly #sender = new InputSender((input, tick) => this.#say(input, tick));
  readonly #seen = new Happenings();
  readonly #told = new Happenings();
  #status: Status;
  #newest: World | null = null;
  #arrivedAt = 0;
  #clock: PageClock | null = null;
  #prediction: Prediction | null = null;
  #interpolation: Interpolation | null = null;
  #pingMs: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds; `hidden`: whether nobody sees this page now. */
  constructor(wire: Wire, status: Status, now: () => number, hidden: () => boolean) {
    this.#wire = wire;
    this.#status = status;
    this.#now = now;
    this.#hidden = hidden;
  }

  /** The newest snapshot as it is; null if there is none. */
  get newest(): World | null {
    return this.#newest;
  }

  /** How long ago that came, in milliseconds. */
  get ageMs(): number {
    return this.#now() - this.#arrivedAt;
  }

  /** How well the own goat was shown lately; null if that cannot be said. */
  get shares(): Shares | null {
    return this.#predicts ? (this.#prediction?.accuracy.shares ?? null) : null;
  }

  /** How the match stands now. */
  stands(status: Status): void {
    this.#status = status;
    if (steers(status)) this.#sender.start();
    else {
      this.#sender.change(NEUTRAL);
      this.#sender.stop();
    }
    if (this.#isOn) this.#advance();
    else clearTimeout(this.#timer);
  }

  /**
   * The server has let this page in, once more perhaps: it does not know any more what the player did before. `isAnother`: whether it has the
   * match from another server, and may go on a little before what was shown last.
   */
  seated(isAnother: boolean): void {
    if (isAnother) {
      this.forget();
      this.#sender.anew();
    } else {
      this.#prediction?.seated();
      this.#sender.again();
    }
  }

  /** The player does this now. */
  act(input: Input): void {
    this.#sender.change(steers(this.#status) ? input : NEUTRAL);
    // Where nobody looks, ticks may not come for a while.
    if (this.#hidden() && this.#prediction) this.#sender.flush(this.#prediction.tick, this.#now());
  }

  /** A snapshot came. Whether it is one. */
  snapshot(bytes: ArrayBuffer): boolean {
    const snapshot = decode(bytes);
    if (snapshot === null) return false;
    const time = this.#now();
    const world = worldOf(snapshot);
    if (this.#newest?.match !== world.match) this.#begin();
    this.#newest = world;
    this.#arrivedAt = time;
    this.#pinged();
    this.#interpolation?.heard(world, time);
    const away = this.#status.seats.map((occupant) => occupant === "away");
    this.#prediction?.heard(snapshot, time, away);
    this.#advance();
    return true;
  }

  /** What is to be seen now; null as long as that has not changed. */
  look(): Look | null {
    const { phase, lostSince } = this.#status;
    const newest = this.#newest;
    // While nothing is heard the picture stands still: whatever moved there would be made up.
    if (newest === null || lostSince !== null) return null;
    if (this.#isOn) this.#advance();
    const seen = this.#predicts ? this.#prediction : this.#interpolation;
    const world = phase.kind === "cancelled" ? newest : (seen?.look(this.#now()) ?? newest);
    return { world, happened: this.#seen.until(world), certain: this.#told.until(newest) };
  }

  /** Nothing is known of a match any more. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#newest = null;
    this.#clock = null;
    this.#prediction = null;
    this.#interpolation = null;
    this.#pingMs = null;
    this.#seen.forget();
    this.#told.forget();
  }

  #begin(): void {
    const { seat, tickRate } = this.#status;
    this.forget();
    const tickMs = 1000 / tickRate;
    this.#interpolation = new Interpolation(tickMs);
    if (seat === null) return;
    this.#clock = new PageClock(tickMs, this.#wire.roundTripMs);
    const turn = (tick: number, time: number) => this.#turn(tick, time);
    this.#prediction = new Prediction(seat, this.#clock, turn);
  }

  /** Whether the match is played, and heard. */
  get #isOn(): boolean {
    return this.#status.phase.kind === "playing" && this.#status.lostSince === null;
  }

  /** Whether this page can know what the server is going to do. */
  get #predicts(): boolean {
    return this.#prediction !== null && this.#status.rules === RULES;
  }

  #pinged(): void {
    const ms = this.#wire.roundTripMs;
    if (ms !== null && ms !== this.#pingMs) this.#clock?.pinged(ms);
    this.#pingMs = ms;
  }

  /** Time has passed. The ticks of the page come whether or not anything is drawn. */
  #advance(): void {
    clearTimeout(this.#timer);
    const prediction = this.#prediction;
    if (prediction === null || !this.#isOn) return;
    const time = this.#now();
    prediction.advance(time);
    this.#timer = setTimeout(() => this.#advance(), Math.max(1, prediction.untilNextTick(time)));
  }

  #turn(tick: number, time: number): void {
    if (this.#isOn) this.#sender.turn(tick, time);
  }

  #say(input: Input, tick: number): void {
    this.#prediction?.did(input, tick, this.#now());
    this.#wire.input(encodeInput(input, tick, this.#newest?.tick ?? 0));
  }
}
