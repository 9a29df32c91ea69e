/** What each replica has of the messages. In this lesson each has its own, and that is the point. */

import type { Message, MessagePage } from "../net/message";

export interface Share {
  replica: string;
  messages: readonly Message[];
}

export class Board {
  readonly #shares = new Map<string, readonly Message[]>();

  /** A replica answered with all that it has. */
  answered({ replica, messages }: MessagePage): void {
    this.#shares.set(replica, messages);
  }

  /** A replica took `message`, so it has that one now. */
  taken(message: Message): void {
    const before = this.#shares.get(message.replica) ?? [];
    if (before.some(({ id }) => id === message.id)) return;
    this.#shares.set(message.replica, [...before, message]);
  }

  /** The share of each of these replicas that was asked by now. */
  shares(replicas: readonly string[]): Share[] {
    return replicas.flatMap((replica) => {
      const messages = this.#shares.get(replica);
      return messages ? [{ replica, messages }] : [];
    });
  }

  clear(): void {
    this.#shares.clear();
  }
}

/** Whether all have the same messages, in a sentence. */
export function verdict(shares: readonly Share[]): string {
  if (shares.length === 0) return "Asking …";
  const counts = shares.map(({ messages }) => messages.length);
  if (counts.every((count) => count === 0)) return "No replica has a message yet.";
  const contents = new Set(shares.map(({ messages }) => messages.map(({ id }) => id).join()));
  if (contents.size > 1) return "The replicas disagree. Each has only what was posted to it.";
  return shares.length === 1
    ? "One replica was asked so far."
    : "All replicas have the same messages.";
}
