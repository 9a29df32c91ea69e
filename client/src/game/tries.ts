/**
 * The way back to a match of which nothing is heard any more: sockets beside the one that fell silent. TCP waits longer and longer before it
 * tries an old connection again, while a new one comes through as soon as the network does.
 */

import type { Line, LineEvents } from "./line";
import { Restraint } from "./restraint";

/**
 * From one try to the next, on average: at first, after a try that somebody has answered without a way back, and at most. In milliseconds. A browser
 * opens one WebSocket after the other, so a try that is not open when the next is due makes room for that.
 */
const [FIRST_MS, ANSWERED_MS, LONGEST_MS] = [100, 250, 3000];

/** Each tenth try has more time, because the way may have become longer. In milliseconds. */
const [PATIENT_EVERY, PATIENT_MS] = [10, 500];

/** After so long it is no short break, and each pause is longer than the one before. In milliseconds. */
const SHORT_MS = 5000;

/** So much longer. */
const GROWTH = 1.5;

/** The part by which a pause is shorter or longer, so that those who were cut off together do not come back as one. */
const JITTER = 0.2;

/** A try that is open, and has not led back after this, is given up. In milliseconds. */
const GIVE_UP_MS = 2000;

/** So long after a try has spoken, the server may still do what it said: it then closes whatever was on the seat. In milliseconds. */
const ECHO_MS = 2 * GIVE_UP_MS;

interface Try {
  isOpen: boolean;
  /** When it has said `resume`; null if it has not. */
  spokeAt: number | null;
  readonly end: ReturnType<typeof setTimeout>;
}

export interface Way {
  /** Makes a line to the server. What comes of it is told to these tries, as long as it is one of theirs. */
  open(): Line;
  /** The frame that asks for the seat. */
  resume(): string;
  /** How long it takes to open a line, in milliseconds, as far as is known. */
  openingMs(): number;
  /** How long an answer may take, in milliseconds. */
  patienceMs(): number;
  /** A try has come to its end before the server took it. */
  refused(): void;
}

export class Tries implements Pick<LineEvents, "opened" | "closed"> {
  readonly #way: Way;
  readonly #now: () => number;
  readonly #chance: () => number;
  readonly #tries = new Map<Line, Try>();
  readonly #restraint: Restraint;
  #since = 0;
  #pauseMs = FIRST_MS;
  #made = 0;
  #spokeAt = Number.NEGATIVE_INFINITY;
  #next: ReturnType<typeof setTimeout> | undefined;
  #answer: ReturnType<typeof setTimeout> | undefined;

  /** `now` counts milliseconds; `chance` gives a number from 0 up to 1. */
  constructor(way: Way, now: () => number, chance: () => number) {
    this.#way = way;
    this.#now = now;
    this.#chance = chance;
    this.#restraint = new Restraint(now);
  }

  /** Whether one that is under way has said `resume`, and so may have the seat already. */
  get haveSpoken(): boolean {
    return [...this.#tries.values()].some(({ spokeAt }) => spokeAt !== null);
  }

  /** Whether what happens to the seat now may come of a `resume` of this page's own. */
  get mayEcho(): boolean {
    return this.#now() - this.#spokeAt < ECHO_MS;
  }

  /**
   * Begins. `wasClosed`: whether the server has closed the connection. One that takes everybody in and sends them away again is not to be
   * hammered, so soon after the last time it begins with a pause.
   */
  start(wasClosed: boolean): void {
    this.stop();
    if (wasClosed) this.#restraint.sentAway();
    this.#since = this.#now();
    this.#pauseMs = Math.max(FIRST_MS, this.#way.openingMs());
    this.#made = 0;
    if (this.mayEcho || this.#restraint.pauseMs > 0) {
      this.#pauseMs = Math.max(ANSWERED_MS, this.#pauseMs);
      this.#plan();
    } else this.#due();
  }

  /** Ends, and closes all that is under way but `kept`. */
  stop(kept: Line | null = null): void {
    clearTimeout(this.#next);
    clearTimeout(this.#answer);
    for (const [line, { end }] of this.#tries) {
      clearTimeout(end);
      if (line !== kept) line.close();
    }
    this.#tries.clear();
  }

  /** The server has let this page in. */
  welcomed(): void {
    this.#restraint.welcomed();
  }

  opened(line: Line): void {
    const one = this.#tries.get(line);
    if (one === undefined) return;
    one.isOpen = true;
    this.#speak();
  }

  closed(line: Line): void {
    const one = this.#tries.get(line);
    if (one === undefined) return;
    const wasRefused = !one.isOpen;
    this.#end(line, one);
    if (!wasRefused) {
      this.#restraint.sentAway();
      this.#plan();
      return;
    }
    this.#pauseMs = Math.min(LONGEST_MS, Math.max(ANSWERED_MS, this.#pauseMs * GROWTH));
    this.#plan();
    this.#way.refused();
  }

  /** It is time for another one. */
  #due(): void {
    for (const [line, one] of this.#tries) {
      if (!one.isOpen) this.#end(line, one);
    }
    this.#made += 1;
    this.#plan();
    const line = this.#way.open();
    const end = setTimeout(() => this.#giveUp(line), GIVE_UP_MS);
    this.#tries.set(line, { isOpen: false, spokeAt: null, end });
  }

  #plan(): void {
    clearTimeout(this.#next);
    const isShort = this.#now() - this.#since < SHORT_MS;
    if (!isShort) this.#pauseMs = Math.min(LONGEST_MS, this.#pauseMs * GROWTH);
    const pause = Math.max(this.#pauseMs, this.#restraint.pauseMs);
    const wait = pause * (1 - JITTER + 2 * JITTER * this.#chance());
    const least = this.#made > 0 && this.#made % PATIENT_EVERY === 0 ? PATIENT_MS : 0;
    this.#next = setTimeout(() => this.#due(), Math.max(least, wait));
  }

  /** One after the other asks for the seat: each that gets it takes it from the one before. */
  #speak(): void {
    clearTimeout(this.#answer);
    const patience = this.#way.patienceMs();
    const time = this.#now();
    const all = [...this.#tries];
    const asked = all.map(([, { spokeAt }]) => spokeAt ?? Number.NEGATIVE_INFINITY);
    const answerBy = Math.max(...asked) + patience;
    if (answerBy > time) {
      this.#answer = setTimeout(() => this.#speak(), answerBy - time);
      return;
    }
    // The way of the newest is the one that was free last.
    const next = all.findLast(([, { isOpen, spokeAt }]) => isOpen && spokeAt === null);
    if (next === undefined) return;
    const [line, one] = next;
    one.spokeAt = time;
    this.#spokeAt = time;
    line.say(this.#way.resume());
    this.#answer = setTimeout(() => this.#speak(), patience);
  }

  #giveUp(line: Line): void {
    const one = this.#tries.get(line);
    if (one !== undefined) this.#end(line, one);
  }

  #end(line: Line, one: Try): void {
    clearTimeout(one.end);
    this.#tries.delete(line);
    line.close();
    this.#speak();
  }
}
