/** What was said, in the order of Redis, which is the same for everybody; and notes between. */

import type { Message } from "../net/message";
import type { Player } from "../net/player";

/** How many are kept; this page is a window, not an archive. */
const KEPT = 300;

export type Item =
  /** `deliveredBy`: the replica from which this page has it; null while none has, though it was taken. */
  { key: string; message: Message; deliveredBy: string | null } | { key: string; note: string };

export class Timeline {
  #items: Item[] = [];
  #notes = 0;

  get items(): readonly Item[] {
    return this.#items;
  }

  /** Who said what is here; some of them several times. */
  get people(): Player[] {
    return this.#items.flatMap((item) => {
      return "message" in item ? { player: item.message.player, name: item.message.author } : [];
    });
  }

  /** `replica` delivered `messages`. Gives those that were not heard before. */
  heard(messages: readonly Message[], replica: string): Message[] {
    const heard = new Set(
      this.#items.filter((item) => "deliveredBy" in item && item.deliveredBy).map(key),
    );
    const fresh = messages.filter(({ id }) => !heard.has(id));
    for (const message of fresh) {
      // One of our own may be here already, because it was taken. Now its place is known.
      this.#items = this.#items.filter((item) => item.key !== message.id);
      this.#add({ key: message.id, message, deliveredBy: replica });
    }
    return fresh;
  }

  /** A message of this page was taken. Usually it has been heard by then, or soon will be. */
  taken(message: Message): void {
    if (!this.#items.some((item) => item.key === message.id)) {
      this.#add({ key: message.id, message, deliveredBy: null });
    }
  }

  /** Says something between the messages. */
  note(note: string): void {
    this.#notes += 1;
    this.#add({ key: `note ${this.#notes}`, note });
  }

  clear(): void {
    this.#items = [];
  }

  #add(item: Item): void {
    this.#items = [...this.#items, item].slice(-KEPT);
  }
}

function key(item: Item): string {
  return item.key;
}
