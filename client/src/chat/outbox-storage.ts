/** Keeps what has not arrived yet over a reload of the page, for each player on its own, and for no longer than it is of use. */

import { now } from "../net/clock";
import { fields, number, string } from "../net/json";
import type { Player } from "../net/player";
import type { Entry, Outbox, State } from "./outbox";

/** So many are kept, the first of all. A message is small, and a browser's storage is not large. */
const KEPT = 50;

/** So long they are kept: whoever comes back later has forgotten what they wanted to say. In milliseconds. */
const KEPT_MS = 3_600_000;

const STATES: readonly State[] = ["waiting", "sending", "returned"];

/** What the name of each of our keys begins with; the player's id follows. */
const PREFIX = "goatscale outbox of ";

export class OutboxStorage {
  readonly #storage: () => Storage;
  #saved = "";

  /** `storage` lasts as long as this tab does. A browser may refuse it, which must stop nobody from talking. */
  constructor(storage: () => Storage = () => sessionStorage) {
    this.#storage = storage;
  }

  /** Fills `outbox` with what `player` typed here before the page was loaded, unless it knows more already. */
  restore(outbox: Outbox, player: Player): void {
    this.#forgetOld();
    if (outbox.entries.length === 0) outbox.restore(this.load(player));
  }

  /** What `player` typed here and what has not arrived yet. */
  load({ player }: Player): Entry[] {
    try {
      return entries(this.#storage().getItem(PREFIX + player));
    } catch {
      return [];
    }
  }

  /** Saves them for `player` in place of those before. Without a player there is nothing to save. */
  save(entries: readonly Entry[], player: Player | null): void {
    if (player === null) return;
    const key = PREFIX + player.player;
    const kept = entries.slice(0, KEPT);
    const saved = JSON.stringify([key, kept]);
    if (saved === this.#saved) return;
    this.#saved = saved;
    try {
      if (kept.length === 0) this.#storage().removeItem(key);
      else this.#storage().setItem(key, JSON.stringify({ savedAt: now(), entries: kept }));
    } catch {
      // It is full, or not allowed here. Then a reload loses them, and nothing else does.
      this.#forget(key);
    }
  }

  /** What players left here who did not come back. */
  #forgetOld(): void {
    try {
      const storage = this.#storage();
      const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? "");
      for (const key of keys.filter((one) => one.startsWith(PREFIX))) {
        if (entries(storage.getItem(key)).length === 0) storage.removeItem(key);
      }
    } catch {
      // Where nothing can be read, nothing was saved either.
    }
  }

  /** What was saved before must not come back, for it says less than what has happened since. */
  #forget(key: string): void {
    try {
      this.#storage().removeItem(key);
    } catch {
      // Where nothing can be removed, nothing was saved either.
    }
  }
}

/** Reads what was saved; nothing if it is too old, or if another version of this page has written it. */
function entries(text: string | null): Entry[] {
  try {
    const from = fields(JSON.parse(text ?? ""));
    const age = Math.abs(now() - number(from, "savedAt"));
    return age > KEPT_MS || !Array.isArray(from.entries) ? [] : from.entries.map(entry);
  } catch {
    return [];
  }
}

/** Reads an entry; throws if `json` is none. */
function entry(json: unknown): Entry {
  const from = fields(json);
  const state = STATES.find((known) => known === from.state);
  const { triedAt } = from;
  if (!state || (triedAt !== null && typeof triedAt !== "number")) throw new TypeError("no entry");
  const texts = { ref: string(from, "ref"), text: string(from, "text"), why: string(from, "why") };
  return { ...texts, state, triedAt };
}
