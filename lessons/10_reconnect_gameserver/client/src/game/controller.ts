/**
 * What the game does on this page: it goes to a server and hears what that tells, and knows how the match stands. What is seen and done in it is the
 * concern of `play.ts`, and how that looks the view's; nothing here knows the DOM.
 */

import { now } from "../net/clock";
import { GameConnection } from "./connection";
import { type Lag, noLag } from "./lag";
import { type Look, Play } from "./play";
import type { Shares } from "./prediction/accuracy";
import { endOf } from "./sentences";
import { after, connecting, isIn, off, type Role, type Status } from "./status";
import type { Input, ServerFrame } from "./wire";
import type { World } from "./world";

/** What is to be shown of it. */
export interface View {
  /** Something other than the picture has changed. */
  status(status: Status): void;
  /** There is a newer snapshot: `look` gives what is to be seen of it. */
  news(): void;
  /** The server has let this page in. */
  arrived(): void;
  /** The server has not, with its word for programs, if it said one, and after how many seconds to try again. */
  turnedAway(by: { code: string | null; retryAfter: number | null; why: string }): void;
  /** This page was in a match, and is not any more. */
  over(why: string): void;
}

export class GameController {
  readonly lag: Lag = noLag();
  readonly #view: View;
  readonly #connection: GameConnection;
  readonly #play: Play;
  #status = off("");
  #error: { code: string; retryAfter: number | null } | null = null;

  /** `open` makes a WebSocket to a path of this page's host; `hidden`: whether nobody sees this page now. */
  constructor(view: View, open: (path: string) => WebSocket, hidden: () => boolean) {
    this.#view = view;
    this.#connection = new GameConnection(
      open,
      {
        frame: (frame) => this.#heard(frame),
        snapshot: (bytes) => this.#snapshot(bytes),
        lost: () => this.#change({ ...this.#status, lostSince: now() }),
        back: () => this.#change({ ...this.#status, lostSince: null }),
        ended: (code, silent) => this.#ended(code, silent),
        hidden,
      },
      this.lag,
      now,
    );
    this.#play = new Play(this.#connection, this.#status, now, hidden);
  }

  get status(): Status {
    return this.#status;
  }

  /** How long the last ping took, in milliseconds; null if there was none. */
  get roundTripMs(): number | null {
    return this.#connection.roundTripMs;
  }

  /** The tick of the newest snapshot, and how long ago it came, in milliseconds; null if there is none. */
  get age(): { tick: number; ms: number } | null {
    const { newest, ageMs } = this.#play;
    return newest && { tick: newest.tick, ms: ageMs };
  }

  /** The newest snapshot as it is; null if there is none. */
  get newest(): World | null {
    return this.#play.newest;
  }

  /** How well the own goat was shown lately; null if that cannot be said. */
  get shares(): Shares | null {
    return this.#play.shares;
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
    this.#play.act(input);
  }

  /** What is to be seen now; null as long as that has not changed. */
  look(): Look | null {
    return this.#play.look();
  }

  #heard(frame: ServerFrame): void {
    if (frame.type === "error") this.#error = frame;
    const wasIn = isIn(this.#status);
    this.#change(after(this.#status, frame, now()));
    if (frame.type !== "welcome") return;
    this.#error = null;
    this.#play.seated();
    if (!wasIn) this.#view.arrived();
  }

  #snapshot(bytes: ArrayBuffer): void {
    if (this.#play.snapshot(bytes)) this.#view.news();
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
    this.#play.forget();
  }

  #change(status: Status): void {
    this.#status = status;
    this.#play.stands(status);
    this.#view.status(status);
  }
}
