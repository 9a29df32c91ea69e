/** Keeps what has not arrived yet over a reload of the page, for each name on its own. */

import { fields, string } from "../net/json";
import type { Entry, Outbox, State } from "./outbox";

/** So many are kept, the first of all. A message is small, and a browser's storage is not large. */
const KEPT = 50;

const STATES: readonly State[] = ["waiting", "sending", "returned"];

export class OutboxStorage {
  readonly #storage: () => Storage;
  #name = "";
  #saved: string | null = null;

  /** `storage` lasts as long as this tab does. A browser may refuse it, which must stop nobody from talking. */
  constructor(storage: () => Storage = () => sessionStorage) {
    this.#storage = storage;
  }

  /** Fills `outbox` with what `name` typed here before, unless it holds just that. */
  restore(outbox: Outbox, name: string): void {
    if (name !== this.#name) outbox.restore(this.load(name));
  }

  /** What `name` typed here and what has not arrived yet. From now on it is saved for this name. */
  load(name: string): Entry[] {
    this.#name = name;
    try {
      this.#saved = this.#storage().getItem(this.#key);
      const list: unknown = JSON.parse(this.#saved ?? "[]");
      return Array.isArray(list) ? list.map(entry) : [];
    } catch {
      return [];
    }
  }

  /** Saves them in place of those before. */
  save(entries: readonly Entry[]): void {
    const now = entries.length === 0 ? null : JSON.stringify(entries.slice(0, KEPT));
    if (now === this.#saved) return;
    this.#saved = now;
    try {
      if (now === null) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, now);
    } catch {
      // It is full, or not allowed here. Then a reload loses them, and nothing else does.
      this.#forget();
    }
  }

  /** What was saved before must not come back, for it says less than what has happened since. */
  #forget(): void {
    try {
      this.#storage().removeItem(this.#key);
    } catch {
      // Where nothing can be removed, nothing was saved either.
    }
  }

  get #key(): string {
    return `goatscale outbox of ${this.#name}`;
  }
}

/** Reads an entry; throws if `json` is none, as another version of this page may have written it. */
function entry(json: unknown): Entry {
  const from = fields(json);
  const state = STATES.find((known) => known === from.state);
  const { triedAt } = from;
  if (!state || (triedAt !== null && typeof triedAt !== "number")) throw new TypeError("no entry");
  const texts = { ref: string(from, "ref"), text: string(from, "text"), why: string(from, "why") };
  return { ...texts, state, triedAt };
}
