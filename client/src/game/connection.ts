/**
 * The connection of this page to its match. It is made of lines: the current one and, while nothing is heard, tries beside it, and one to
 * wherever the match goes on. Whichever is welcomed first is the current one from then on.
 */

import { LobbyApi } from "../lobby/api";
import type { Result } from "../lobby/result";
import type { Lag } from "./lag";
import { Line } from "./line";
import { Search } from "./search";
import { ServerCheck } from "./server-check";
import { Silence } from "./silence";
import { Tries } from "./tries";
import { enter, ping, read, resume, type ServerFrame, type Welcome } from "./wire";

/** From one ping to the next. In milliseconds. */
const PING_MS = 1000;

/** While a match is played the server says something twenty times a second, and else it answers pings: so long it may be silent. In milliseconds. */
const [PLAYED_MS, ELSE_MS] = [500, 2500];

/** However long the way is, it may not be silent for longer than this, or than it may anyway. In milliseconds. */
const LONG_WAY_MS = 2000;

/** And so long when there is no way back: to somebody who watches, or is only on the way. In milliseconds. */
const ONCE_MS = 5000;

/** The close code of a connection that broke without a word. */
const BROKEN = 1006;

/** With these a game server says that it is over, or found fault with what this page said. After any other one the page comes back. */
const [FULL, REFUSED, REPLACED, MATCH_OVER, GIVEN_UP] = [4006, 4008, 4009, 4010, 4011];

/** With this one it says that the match goes on on another server. */
const MOVED = 4012;

const FINAL = new Set([
  1002,
  1007,
  1008,
  1009,
  4005,
  FULL,
  REFUSED,
  REPLACED,
  MATCH_OVER,
  GIVEN_UP,
]);

/** After this it is no use to wait longer for an answer of a web server: another one may be there. In milliseconds. */
const ASKED_MS = 2000;

/**
 * The words with which a server refuses to give a seat back. Others are about now, and not about the seat. One that was frozen while its matches
 * moved says them, too, so they are not believed unheard.
 */
const LOST_SEAT = new Set(["resume_refused", "seat_lost", "match_over"]);

export interface Events {
  frame(frame: ServerFrame): void;
  snapshot(bytes: ArrayBuffer): void;
  /** Nothing is heard of the match any more, and the page tries to come back. `isMoving`: whether it is on its way to another server, as far as is known now. */
  lost(isMoving: boolean): void;
  /** It is heard again. If that is over another line, `frame` has had its welcome already. */
  back(): void;
  /** It is over. `code`: the close code. `silent`: this page gave up, because nothing was heard any more. */
  ended(code: number, silent: boolean): void;
  /** Whether nobody sees this page now. */
  hidden(): boolean;
}

export class GameConnection {
  readonly #open: () => Line;
  readonly #events: Events;
  readonly #now: () => number;
  readonly #silence: Silence;
  readonly #tries: Tries;
  readonly #server: ServerCheck;
  readonly #search: Search;
  #path = "";
  #ticket = "";
  #current: Line | null = null;
  /** The last welcome; null before the first. */
  #welcome: Welcome | null = null;
  #isPlayed = false;
  #isLost = false;
  #isMoving = false;
  /** Why the last line was closed. */
  #code = BROKEN;
  #pings: ReturnType<typeof setInterval> | undefined;
  #roundTripMs: number | null = null;

  /**
   * `open` makes a WebSocket to a path of this page's host, whose binary frames are array buffers. `now` counts milliseconds; `chance` gives
   * a number from 0 up to 1.
   */
  constructor(
    open: (path: string) => WebSocket,
    events: Events,
    lag: Lag,
    now: () => number,
    chance: () => number = Math.random,
    api: LobbyApi = new LobbyApi(undefined, ASKED_MS),
  ) {
    const lines = {
      opened: (line: Line) => this.#opened(line),
      heard: (line: Line, data: string | ArrayBuffer) => this.#heard(line, data),
      closed: (line: Line, code: number) => this.#closed(line, code),
    };
    const openAt = (path: string) => new Line(open(path), path, lines, lag, now, chance);
    this.#open = () => openAt(this.#path);
    this.#events = events;
    this.#now = now;
    this.#silence = new Silence(() => this.#silent(), now);
    const way = {
      open: this.#open,
      resume: () => this.#resume(),
      // One round trip for the connection, and one for the WebSocket.
      openingMs: () => 2 * (this.#roundTripMs ?? 0),
      patienceMs: () => this.#patienceMs(PLAYED_MS),
      refused: () => void this.#server.doubt(this.#path),
    };
    this.#tries = new Tries(way, now, chance);
    this.#server = new ServerCheck(() => this.#gone(), now);
    const trail = {
      place: () => this.#place(),
      open: openAt,
      moving: (isMoving: boolean) => this.#moving(isMoving),
      left: () => this.#leave(),
      over: (result: Result) => this.#over(result),
      ended: (code: number | null) => this.#ended(code ?? this.#code, false),
    };
    this.#search = new Search(api, trail, now, chance);
  }

  /** How long the last ping took, there and back, in milliseconds; null as long as there was none. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  /** Opens a WebSocket at `path`, and shows `ticket` there. */
  start(path: string, ticket: string): void {
    this.stop();
    this.#path = path;
    this.#ticket = ticket;
    this.#current = this.#open();
    this.#silence.expect(ONCE_MS);
    this.#pings = setInterval(() => this.#ping(), PING_MS);
  }

  /** Says what the player does. */
  input(frame: Uint8Array<ArrayBuffer>): void {
    this.#current?.input(frame);
  }

  /** Closes the connection, and hears nothing of it any more. */
  stop(): void {
    clearInterval(this.#pings);
    this.#silence.stop();
    this.#search.stop();
    this.#server.reset();
    this.#leave();
    this.#welcome = null;
    this.#isPlayed = false;
    this.#isLost = false;
    this.#isMoving = false;
    this.#code = BROKEN;
    this.#roundTripMs = null;
  }

  #opened(line: Line): void {
    if (line === this.#current) {
      line.say(enter(this.#ticket));
      this.#ping();
    } else {
      this.#tries.opened(line);
      this.#search.opened(line);
    }
  }

  #heard(line: Line, data: string | ArrayBuffer): void {
    const frame = typeof data === "string" ? read(data) : null;
    if (line !== this.#current) this.#tryHeard(line, frame);
    // Once a try has asked for the seat, what still comes here is old.
    else if (!this.#tries.haveSpoken) {
      // That a server answers a ping does not mean that it plays.
      if (this.#isLost && !(this.#isPlayed && frame?.type === "pong")) this.#found();
      if (frame !== null) this.#read(frame);
      else if (typeof data !== "string") this.#events.snapshot(data);
      if (line === this.#current && !this.#isLost) this.#expectWord();
    }
  }

  #read(frame: ServerFrame): void {
    if (frame.type === "welcome") this.#welcomed(frame);
    if (frame.type === "pong") this.#roundTripMs = Math.max(0, this.#now() - frame.at);
    else {
      if (frame.type === "started") this.#isPlayed = true;
      if (["gathering", "result", "cancelled"].includes(frame.type)) this.#isPlayed = false;
      this.#events.frame(frame);
    }
  }

  #tryHeard(line: Line, frame: ServerFrame | null): void {
    if (frame?.type === "welcome") {
      this.#current?.close();
      this.#current = line;
      this.#path = line.path;
      this.#welcomed(frame);
      this.#tries.stop(line);
      this.#search.stop(line);
      this.#events.frame(frame);
      this.#found();
      this.#ping();
      this.#expectWord();
    } else if (frame?.type === "error" && LOST_SEAT.has(frame.code)) {
      this.#events.frame(frame);
      this.#search.doubt(frame.code === "match_over" ? MATCH_OVER : REFUSED);
    }
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    this.#tries.welcomed();
    this.#search.welcomed();
  }

  #closed(line: Line, code: number): void {
    if (line !== this.#current) {
      this.#tries.closed(line);
      this.#search.closed(line);
      if (code === MOVED) this.#moved();
      return;
    }
    // Another socket has come to the seat: it may have been one of ours.
    const isOurs = code === REPLACED && this.#tries.mayEcho;
    if (!this.#mayComeBack || (FINAL.has(code) && !isOurs)) this.#ended(code, false);
    else {
      this.#code = code;
      this.#current.close();
      this.#current = null;
      this.#lose(true);
      if (code === MOVED) this.#moved();
    }
  }

  #silent(): void {
    // In a page that nobody sees the pings wait, and then there may be nothing to hear.
    if (this.#events.hidden() && !this.#isPlayed) this.#expectWord();
    else if (this.#mayComeBack) this.#lose(false);
    else this.#ended(BROKEN, true);
  }

  /** `wasClosed`: whether the server has closed the connection. Else it is silent. */
  #lose(wasClosed: boolean): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#isMoving = wasClosed && this.#code === MOVED;
    this.#silence.stop();
    this.#events.lost(this.#isMoving);
    if (!this.#isMoving) this.#tries.start(wasClosed);
    this.#search.start();
  }

  /** The server has nothing to do with the match any more. */
  #moved(): void {
    this.#tries.stop();
    this.#search.moved();
  }

  #moving(isMoving: boolean): void {
    if (isMoving === this.#isMoving) return;
    this.#isMoving = isMoving;
    this.#events.lost(isMoving);
  }

  /** The match is over, and has no server any more. Its end is told as that would have done. */
  #over({ winner, cancelled }: Result): void {
    // Its number among the matches of a server nobody knows any more.
    const match = 0;
    if (cancelled === null) this.#events.frame({ type: "result", match, winner, closesInMs: 0 });
    else this.#events.frame({ type: "cancelled", match, code: cancelled });
    this.#ended(MATCH_OVER, false);
  }

  #leave(): void {
    this.#tries.stop();
    this.#current?.close();
    this.#current = null;
  }

  /** There is no way to the server any more. The web servers may know of another one to the match. */
  #gone(): void {
    if (!this.#search.isHopeful) this.#ended(this.#code, false);
  }

  #found(): void {
    this.#isLost = false;
    this.#isMoving = false;
    this.#tries.stop(this.#current);
    this.#search.stop(this.#current);
    this.#server.reset();
    this.#events.back();
  }

  /** Only who has a seat has a way back to it. */
  get #mayComeBack(): boolean {
    return this.#welcome?.resume != null;
  }

  #place(): { match: string; server: string } {
    const { matchId = "", server = "" } = this.#welcome ?? {};
    return { match: matchId, server };
  }

  #resume(): string {
    const { matchId = "", seat = null, resume: token = null } = this.#welcome ?? {};
    return resume(matchId, seat ?? 0, token ?? "");
  }

  #ping(): void {
    this.#current?.say(ping(Math.round(this.#now())));
  }

  #expectWord(): void {
    const usual = this.#isPlayed ? PLAYED_MS : ELSE_MS;
    this.#silence.expect(this.#mayComeBack ? this.#patienceMs(usual) : ONCE_MS);
  }

  /** How long the server may be silent. On a long way it sends less, as long as it does not know what has arrived. */
  #patienceMs(usual: number): number {
    return Math.max(usual, Math.min(LONG_WAY_MS, 2 * (this.#roundTripMs ?? 0)));
  }

  #ended(code: number, silent: boolean): void {
    this.stop();
    this.#events.ended(code, silent);
  }
}
