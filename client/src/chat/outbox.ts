/**
 * What was typed and has not arrived yet. Nothing is lost here, and nothing is said twice.
 *
 * One message is on its way at a time, and the next waits for the word that it was taken. So the order
 * is kept. When the word does not come, the message is sent again under the same ref: the replicas know
 * by it whether they have said this already, and answer with the word that was lost.
 */

import { newIdempotencyKey } from "../net/idempotency-key";

/**
 * So long after the first try a message is surely still known by its ref, in milliseconds. The replicas
 * keep a ref for 300 s; the rest is for the way there.
 */
const KNOWN_MS = 290_000;

export type State =
  /** Goes out by itself. */
  | "waiting"
  /** Handed to the connection; no word yet. */
  | "sending"
  /** Will not go out by itself. The person decides. */
  | "returned";

export interface Entry {
  readonly ref: string;
  readonly text: string;
  state: State;
  /** What is to be said of its state; empty if that says all. */
  why: string;
  /** When it was first sent, in milliseconds since 1970; null if it never was. */
  triedAt: number | null;
}

/** Each state in words. */
export const STATE_TEXT: Readonly<Record<State, string>> = {
  waiting: "Waiting to be sent.",
  sending: "On its way …",
  returned: "Waiting for your decision.",
};

/** Whether the person decides what becomes of a message. */
export function isUndecided(state: State): boolean {
  return state === "returned";
}

export class Outbox {
  #entries: Entry[] = [];
  #pausedUntil = 0;

  /** In the order in which they were typed. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Takes over what is left from before this page was loaded, in place of what is here. */
  restore(entries: readonly Entry[]): void {
    this.#entries = entries.map((entry) => ({ ...entry }));
    for (const entry of this.#entries) {
      if (entry.state !== "returned")
        change(entry, "waiting", "This was typed before the page was loaded.");
    }
  }

  add(text: string): void {
    this.#entries.push({
      ref: newIdempotencyKey(),
      text,
      state: "waiting",
      why: "",
      triedAt: null,
    });
  }

  /**
   * The one to send at `now`, in milliseconds since 1970, which counts as sent with that; null if none
   * may be.
   */
  next(now: number): Entry | null {
    if (now < this.#pausedUntil || this.#entries.some(({ state }) => state === "sending"))
      return null;
    for (const entry of this.#entries.filter(({ state }) => state === "waiting")) {
      const age = now - (entry.triedAt ?? now);
      // A try in the future was made before the clock was set back: nobody knows how long ago.
      if (age > KNOWN_MS || age < 0) {
        change(entry, "returned", "It may have arrived; that was too long ago to be sure.");
        continue;
      }
      entry.triedAt ??= now;
      change(entry, "sending", "");
      return entry;
    }
    return null;
  }

  /** How long after `now` the next may be sent, in milliseconds. */
  pause(now: number): number {
    return Math.max(0, this.#pausedUntil - now);
  }

  /** It was taken. */
  sent(ref: string): Entry | undefined {
    return this.remove(ref);
  }

  /** It was refused. With `retryAfter` seconds, it and those behind it wait as long, and then go out. */
  refused(ref: string, why: string, retryAfter: number | null, now: number): void {
    const entry = this.#find(ref);
    if (!entry) return;
    change(entry, retryAfter === null ? "returned" : "waiting", why);
    if (retryAfter !== null) this.#pausedUntil = now + retryAfter * 1000;
  }

  /** The connection is gone. What was on its way goes out again on the next. */
  lost(): void {
    for (const entry of this.#entries) {
      if (entry.state === "sending") change(entry, "waiting", "The connection broke.");
    }
  }

  /** The person wants it to be sent after all, behind those that wait. */
  again(ref: string): void {
    const entry = this.remove(ref);
    if (entry) this.add(entry.text);
  }

  remove(ref: string): Entry | undefined {
    const entry = this.#find(ref);
    if (entry) this.#entries.splice(this.#entries.indexOf(entry), 1);
    return entry;
  }

  #find(ref: string): Entry | undefined {
    return this.#entries.find((entry) => entry.ref === ref);
  }
}

function change(entry: Entry, state: State, why: string): void {
  entry.state = state;
  entry.why = why;
}
