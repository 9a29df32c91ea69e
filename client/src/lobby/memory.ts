/** What a tab remembers over F5, a crash and a restart of the browser, and forgets when it is closed. */

/** What is remembered, by its key in the browser's storage. */
type Key =
  /** The id of the match that this tab plays. */
  | "goatscale-match"
  /** The rules for which it was loaded anew. */
  | "goatscale-rules"
  /** What the person wanted just before that. */
  | "goatscale-wish"
  /** What they had written for the chat by then. */
  | "goatscale-words";

export class Memory {
  readonly #storage: () => Storage;

  /** `storage` lasts as long as the tab does. A browser may refuse it, and then nothing is remembered. */
  constructor(storage: () => Storage = () => sessionStorage) {
    this.#storage = storage;
  }

  /** Null: nothing is remembered. */
  get(key: Key): string | null {
    try {
      return this.#storage().getItem(key);
    } catch {
      return null;
    }
  }

  set(key: Key, value: string): void {
    try {
      this.#storage().setItem(key, value);
    } catch {
      // It is full, or not allowed here.
    }
  }

  forget(key: Key): void {
    try {
      this.#storage().removeItem(key);
    } catch {
      // There is nothing to forget, then.
    }
  }

  /** Gives it for the last time. */
  take(key: Key): string | null {
    const value = this.get(key);
    this.forget(key);
    return value;
  }
}
