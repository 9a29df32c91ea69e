/**
 * Where a match goes on of which nothing is heard any more. Any web server knows that, and gives a ticket for the same seat. So the page follows
 * its match to another server, and nobody has to press anything.
 */

import type { LobbyApi } from "../lobby/api";
import type { Result } from "../lobby/result";
import type { Admission, Party } from "../lobby/wire";
import type { Line, LineEvents } from "./line";
import { Restraint } from "./restraint";
import { enter } from "./wire";

/** So long, on average, the server of before may take, before anybody else is asked. In milliseconds. */
const FIRST_MS = 1000;

/** Those who are told at the same moment that their match moves ask within so long a time, each by chance. In milliseconds. */
const SPREAD_MS = 200;

/**
 * From one question to the next, on average: while the match is on its way, while it is said to be where it was, and when all of it takes
 * long. In milliseconds.
 */
const [MOVING_MS, STAYS_MS, LONG_MS] = [250, 500, 1000];

/** After this it takes long. In milliseconds. */
const SHORT_MS = 5000;

/** The part by which a pause is shorter or longer, so that those who have lost the same server do not ask as one. */
const JITTER = 0.2;

/** Whoever has no seat in any answer for so long has none. Before that the server may still say how the match has ended. In milliseconds. */
const NONE_MS = 2000;

/** A line to another server that has not led back after this is given up. In milliseconds. */
const GIVE_UP_MS = 2000;

export interface Trail {
  /** The match, and the server on which it was heard last. */
  place(): { match: string; server: string };
  /** Makes a line to the server at `path`. What comes of it is told to this search. */
  open(path: string): Line;
  /** Whether the match is on its way to another server now. */
  moving(isMoving: boolean): void;
  /** It is on another server, so whatever comes from the one of before is old. */
  left(): void;
  /** It is over, and this has come of it. */
  over(result: Result): void;
  /** It cannot be found. `code`: with which close code that was foreseen; null if it was not. */
  ended(code: number | null): void;
}

export class Search implements Pick<LineEvents, "opened" | "closed"> {
  readonly #api: LobbyApi;
  readonly #trail: Trail;
  readonly #now: () => number;
  readonly #chance: () => number;
  readonly #restraint: Restraint;
  /** Answers to what was asked before it was stopped are about nothing any more. */
  #era = 0;
  #isOn = false;
  #isAsking = false;
  #since = 0;
  /** Whether somebody has said that the match is not where it was. */
  #isElsewhere = false;
  #isHopeful = false;
  #noneSince: number | null = null;
  #doubted: number | null = null;
  /** Whether this player sits apart from the party. */
  #isApart = false;
  #line: Line | null = null;
  #ticket = "";
  #next: ReturnType<typeof setTimeout> | undefined;
  #end: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds; `chance` gives a number from 0 up to 1. */
  constructor(api: LobbyApi, trail: Trail, now: () => number, chance: () => number) {
    this.#api = api;
    this.#trail = trail;
    this.#now = now;
    this.#chance = chance;
    this.#restraint = new Restraint(now);
  }

  /** Whether the web servers have said last that there is a seat to come back to. */
  get isHopeful(): boolean {
    return this.#isHopeful;
  }

  /** Begins, and first leaves some time to the server of before. */
  start(): void {
    this.stop();
    this.#isOn = true;
    this.#since = this.#now();
    this.#plan(this.#spread(FIRST_MS));
  }

  /** The server of before has said that the match goes on elsewhere. */
  moved(): void {
    if (!this.#isOn || this.#isElsewhere) return;
    this.#isElsewhere = true;
    this.#doubted = null;
    this.#restraint.sentAway();
    this.#trail.moving(true);
    // What is on its way may be older.
    this.#era += 1;
    this.#isAsking = false;
    this.#plan(Math.max(SPREAD_MS * this.#chance(), this.#restraint.pauseMs));
  }

  /** The server has said that there is no way back. If nobody knows better, it has ended with `code`. */
  doubt(code: number): void {
    if (!this.#isOn || this.#isElsewhere) return;
    this.#doubted = code;
    if (!this.#isAsking) void this.#ask();
  }

  /** Ends, and closes the line that is under way, unless that is `kept`, which has the seat. */
  stop(kept: Line | null = null): void {
    if (kept !== null && kept === this.#line) this.#line = null;
    clearTimeout(this.#next);
    this.#hangUp();
    this.#era += 1;
    this.#isOn = false;
    this.#isAsking = false;
    this.#isElsewhere = false;
    this.#isHopeful = false;
    this.#noneSince = null;
    this.#doubted = null;
    this.#isApart = false;
  }

  /** A server has let this page in. */
  welcomed(): void {
    this.#restraint.welcomed();
  }

  opened(line: Line): void {
    if (line === this.#line) line.say(enter(this.#ticket));
  }

  closed(line: Line): void {
    if (line !== this.#line) return;
    this.#hangUp();
    this.#restraint.sentAway();
    this.#again(MOVING_MS);
  }

  async #ask(): Promise<void> {
    const era = this.#era;
    clearTimeout(this.#next);
    this.#isAsking = true;
    const answer = await this.#api.standing();
    if (era !== this.#era) return;
    this.#isAsking = false;
    const { match, server } = this.#trail.place();
    if (!answer.ok) this.#unanswered();
    else if (answer.value.seat?.match === match) {
      this.#noneSince = null;
      this.#isHopeful = true;
      const { seat, party } = answer.value;
      if (seat.moving) this.#moves();
      else if (seat.server === server && !this.#isElsewhere) this.#stays();
      else this.#go(match, party);
    } else if (!(await this.#isOver(match)) && era === this.#era) this.#none();
  }

  /** Whether the match is over. Whoever has no seat in it any more may still be told what has come of it. */
  async #isOver(match: string): Promise<boolean> {
    const era = this.#era;
    this.#isAsking = true;
    const answer = await this.#api.result(match);
    if (era !== this.#era) return false;
    this.#isAsking = false;
    if (answer.ok) this.#trail.over(answer.value);
    return answer.ok;
  }

  /** Nobody knows where it is. */
  #unanswered(): void {
    this.#isHopeful = false;
    // Then what the server has said is all there is.
    if (this.#doubted !== null) this.#trail.ended(this.#doubted);
    else this.#again(STAYS_MS);
  }

  #moves(): void {
    this.#trail.moving(true);
    this.#again(MOVING_MS);
  }

  #stays(): void {
    if (this.#doubted !== null) {
      this.#trail.ended(this.#doubted);
      return;
    }
    this.#trail.moving(false);
    this.#again(STAYS_MS);
  }

  #none(): void {
    this.#isHopeful = false;
    const time = this.#now();
    this.#noneSince ??= time;
    const isOver = this.#doubted !== null || time - this.#noneSince >= NONE_MS;
    if (isOver) this.#trail.ended(this.#doubted);
    else this.#again(STAYS_MS);
  }

  /** The match is on another server: gets a ticket for it, and goes there. */
  async #go(match: string, party: Party | null): Promise<void> {
    const era = this.#era;
    this.#isElsewhere = true;
    this.#doubted = null;
    this.#trail.moving(true);
    this.#trail.left();
    this.#isAsking = true;
    const answer = await this.#api.play(this.#isApart ? null : (party?.code ?? null));
    if (era !== this.#era) return;
    this.#isAsking = false;
    if (!answer.ok) {
      // Whoever has joined a party in the middle of another match is led back to that one alone.
      if (answer.code === "member_plays") this.#isApart = true;
      const isTooOften = answer.status === 429;
      this.#again(isTooOften ? 1000 * (answer.retryAfter ?? 1) : MOVING_MS);
    } else if (answer.value.match === match) this.#enter(answer.value);
    else {
      // It has ended just now, and nobody has asked for another one.
      void this.#api.giveUp();
      if (!(await this.#isOver(match)) && era === this.#era) this.#trail.ended(null);
    }
  }

  #enter({ path, ticket }: Admission): void {
    this.#ticket = ticket;
    const line = this.#trail.open(path);
    this.#line = line;
    this.#end = setTimeout(() => this.closed(line), GIVE_UP_MS);
  }

  #hangUp(): void {
    clearTimeout(this.#end);
    this.#line?.close();
    this.#line = null;
  }

  #again(ms: number): void {
    const isShort = this.#now() - this.#since < SHORT_MS;
    const pause = Math.max(isShort ? ms : LONG_MS, ms, this.#restraint.pauseMs);
    this.#plan(this.#spread(pause));
  }

  #spread(ms: number): number {
    return ms * (1 - JITTER + 2 * JITTER * this.#chance());
  }

  #plan(ms: number): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => this.#ask(), ms);
  }
}
