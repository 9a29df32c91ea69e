/**
 * What the game does on this page: it says what the player does, hears what the server tells, and hands the newest snapshot to whoever
 * draws. How that looks is the view's concern; nothing here knows the DOM.
 */

import { now } from "../net/clock";
import { GameConnection } from "./connection";
import { type Happening, happenings } from "./happenings";
import { InputSender } from "./input-sender";
import type { Lag } from "./lag";
import { decode } from "./rules/snapshot";
import { endOf } from "./sentences";
import { after, connecting, off, type Role, reports, type Status, steers } from "./status";
import { type Input, NEUTRAL, type ServerFrame } from "./wire";
import { type World, worldOf } from "./world";

/** What is to be shown of it. */
export interface View {
  /** Something other than the picture has changed. */
  status(status: Status): void;
  /** There is a newer snapshot: `look` gives it. */
  news(): void;
}

/** The newest snapshot, and how it came there. */
export interface Look {
  world: World;
  /** What happened since the last look. */
  happened: Happening[];
}

export class GameController {
  readonly lag: Lag = { delayMs: 0, dropShare: 0 };
  readonly #view: View;
  readonly #connection: GameConnection;
  readonly #inputs: InputSender;
  #status = off("");
  #error: { code: string; retryAfter: number | null } | null = null;
  #newest: World | null = null;
  #looked: World | null = null;
  #arrivedAt = 0;

  /** `open` makes a WebSocket to the game server; `hidden`: whether nobody sees this page now. */
  constructor(view: View, open: () => WebSocket, hidden: () => boolean) {
    this.#view = view;
    this.#connection = new GameConnection(
      open,
      {
        frame: (frame) => this.#heard(frame),
        snapshot: (bytes) => this.#snapshot(bytes),
        ended: (code, silent) => this.#ended(code, silent),
        hidden,
      },
      this.lag,
      now,
    );
    this.#inputs = new InputSender((frame) => this.#connection.input(frame), now);
  }

  get status(): Status {
    return this.#status;
  }

  /** How long the last ping took, in milliseconds; null if there was none. */
  get roundTripMs(): number | null {
    return this.#connection.roundTripMs;
  }

  /** The match of the newest snapshot, and how long ago it came, in milliseconds; null if there is none. */
  get age(): { tick: number; ms: number } | null {
    if (this.#newest === null) return null;
    return { tick: this.#newest.tick, ms: now() - this.#arrivedAt };
  }

  start(role: Role): void {
    this.#forget();
    this.#change(connecting(role));
    this.#connection.start(role);
  }

  /** The person has had enough. */
  leave(): void {
    this.#connection.stop();
    this.#forget();
    this.#change(off(""));
  }

  /** The player does this now. It counts only while there is a goat to steer. */
  act(input: Input): void {
    this.#inputs.change(steers(this.#status) ? input : NEUTRAL);
  }

  /** The newest snapshot; null if it was looked at already. All that came between is passed over. */
  look(): Look | null {
    const world = this.#newest;
    if (world === null || world === this.#looked) return null;
    const happened = happenings(this.#looked, world);
    this.#looked = world;
    return { world, happened };
  }

  #heard(frame: ServerFrame): void {
    if (frame.type === "error") this.#error = frame;
    // What is left of the match before is no picture of the one that gathers.
    if (frame.type === "gathering") this.#forgetMatch();
    this.#change(after(this.#status, frame, now()));
  }

  #snapshot(bytes: ArrayBuffer): void {
    const snapshot = decode(bytes);
    if (snapshot === null) return;
    this.#newest = worldOf(snapshot);
    this.#arrivedAt = now();
    this.#inputs.seen(this.#newest.tick);
    this.#view.news();
  }

  #ended(code: number, silent: boolean): void {
    const why = endOf(code, this.#error, this.#status.server, silent);
    this.#forget();
    this.#change(off(why, this.#status.role));
  }

  #forget(): void {
    this.#error = null;
    this.#forgetMatch();
  }

  #forgetMatch(): void {
    this.#newest = null;
    this.#looked = null;
  }

  #change(status: Status): void {
    this.#status = status;
    if (!steers(status)) this.#inputs.change(NEUTRAL);
    if (reports(status)) this.#inputs.start(status.tickRate);
    else this.#inputs.stop();
    this.#view.status(status);
  }
}
