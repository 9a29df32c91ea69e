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
import { after, connecting, isIn, off, type Role, type Status, steers } from "./status";
import { type Input, NEUTRAL, type ServerFrame } from "./wire";
import { type World, worldOf } from "./world";

/** What is to be shown of it. */
export interface View {
  /** Something other than the picture has changed. */
  status(status: Status): void;
  /** There is a newer snapshot: `look` gives it. */
  news(): void;
  /** The server has let this page in. */
  arrived(): void;
  /** The server has not, with its word for programs, if it said one, and after how many seconds to try again. */
  turnedAway(by: { code: string | null; retryAfter: number | null; why: string }): void;
  /** This page was in a match, and is not any more. */
  over(why: string): void;
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

  /** `open` makes a WebSocket to a path of this page's host; `hidden`: whether nobody sees this page now. */
  constructor(view: View, open: (path: string) => WebSocket, hidden: () => boolean) {
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

  /** Goes to the server at `path`, with the ticket for it. */
  start(role: Role, path: string, ticket: string): void {
    this.#forget();
    this.#change(connecting(role));
    this.#connection.start(path, ticket);
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
    this.#change(after(this.#status, frame, now()));
    if (frame.type === "welcome") this.#view.arrived();
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
    const [before, error] = [this.#status, this.#error];
    const why = endOf(code, error, before, silent);
    this.#forget();
    this.#change(off(why, before.role));
    if (isIn(before)) this.#view.over(why);
    else {
      this.#view.turnedAway({
        code: error?.code ?? null,
        retryAfter: error?.retryAfter ?? null,
        why,
      });
    }
  }

  #forget(): void {
    this.#error = null;
    this.#newest = null;
    this.#looked = null;
  }

  #change(status: Status): void {
    this.#status = status;
    if (!steers(status)) this.#inputs.change(NEUTRAL);
    if (steers(status)) this.#inputs.start(status.tickRate);
    else this.#inputs.stop();
    this.#view.status(status);
  }
}
