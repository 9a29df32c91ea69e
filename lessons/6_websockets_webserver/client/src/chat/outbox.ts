/**
 * What was typed and has not arrived yet. Nothing is lost here, and nothing is sent twice unasked.
 *
 * One message is on its way at a time, and the next waits for the word that it was taken. So the order
 * is kept, and when a connection breaks there is at most one message of which nobody knows whether it
 * arrived. That one goes back to the person; those that were never sent follow by themselves.
 */

export type State =
  /** Certainly not sent. Goes out by itself. */
  | "waiting"
  /** Handed to the connection; no word yet. */
  | "sending"
  /** The connection broke before the word came: it may have arrived or not. The person decides. */
  | "uncertain"
  /** Certainly not sent, and will not go out by itself. The person decides. */
  | "returned";

export interface Entry {
  readonly ref: string;
  readonly text: string;
  state: State;
  /** What is to be said of its state; empty if that says all. */
  why: string;
}

/** Each state in words. */
export const STATE_TEXT: Readonly<Record<State, string>> = {
  waiting: "Waiting to be sent. A reload would lose it.",
  sending: "On its way …",
  uncertain: "Did it arrive?",
  returned: "Not sent.",
};

/** Whether the person decides what becomes of a message. */
export function isUndecided(state: State): boolean {
  return state === "uncertain" || state === "returned";
}

export class Outbox {
  readonly #entries: Entry[] = [];
  #count = 0;
  #pausedUntil = 0;

  /** In the order in which they were typed. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  add(text: string): void {
    this.#count += 1;
    this.#entries.push({ ref: `m${this.#count}`, text, state: "waiting", why: "" });
  }

  /** The one to send at `now`, in milliseconds, which counts as sent with that; null if none may be. */
  next(now: number): Entry | null {
    if (now < this.#pausedUntil || this.#entries.some(({ state }) => state === "sending"))
      return null;
    const entry = this.#entries.find(({ state }) => state === "waiting");
    if (!entry) return null;
    entry.state = "sending";
    entry.why = "";
    return entry;
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
    entry.why = why;
    entry.state = retryAfter === null ? "returned" : "waiting";
    if (retryAfter !== null) this.#pausedUntil = now + retryAfter * 1000;
  }

  /** The connection is gone. */
  lost(): void {
    for (const entry of this.#entries) {
      if (entry.state === "sending")
        this.#change(entry, "uncertain", "It may have arrived, or not.");
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

  #change(entry: Entry, state: State, why: string): void {
    entry.state = state;
    entry.why = why;
  }
}
