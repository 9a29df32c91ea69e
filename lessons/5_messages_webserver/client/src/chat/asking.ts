/** Polling: where to go on from, and what it brought so far. */

import type { MessagePage } from "../net/message";

export class Asking {
  #asks = 0;
  #vain = 0;
  #last: string | null = null;

  /** The path of the next question: only what comes after the last message that was heard. */
  get path(): string {
    return this.#last === null
      ? "/api/messages"
      : `/api/messages?after=${encodeURIComponent(this.#last)}`;
  }

  /** A replica answered. */
  answered({ messages }: MessagePage): void {
    this.#asks += 1;
    if (messages.length === 0) this.#vain += 1;
    this.#last = messages.at(-1)?.id ?? this.#last;
  }

  /** What the asking brought, in a sentence. */
  get summary(): string {
    if (this.#asks === 0) return "Not asked yet.";
    if (this.#asks === 1) return `Asked once. It brought ${this.#vain === 1 ? "nothing" : "news"}.`;
    return `Asked ${this.#asks} times. ${this.#vain} of them brought nothing.`;
  }
}
