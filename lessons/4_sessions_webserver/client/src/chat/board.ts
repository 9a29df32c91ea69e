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

/** Whether all have the same messages, in a sentence. `replicas`: how many there are, of which some were not asked yet. */
export function verdict(shares: readonly Share[], replicas: number): string {
  if (shares.length === 0) return "Asking …";
  const contents = new Set(shares.map(({ messages }) => messages.map(({ id }) => id).join()));
  if (contents.size > 1) return "The replicas disagree. Each has only what was posted to it.";
  const all = shares.length >= replicas;
  const asked = `${shares.length} of ${replicas} replicas ${shares.length === 1 ? "was" : "were"} asked so far.`;
  if (contents.has(""))
    return all ? "No replica has a message yet." : `${asked} None has a message.`;
  if (!all) return asked;
  return shares.length === 1
    ? "There is only one replica."
    : "All replicas have the same messages.";
}
