/** The first moments after a welcome, in which a replica may still be telling of the past. */

import type { Message } from "../net/message";

/** So soon after a welcome, the replica may still be telling of the past. In milliseconds. */
const PAST_MS = 1500;

/** So old, a message told meanwhile is of the past. In milliseconds, by two clocks that may differ. */
const OLD_MS = 5000;

export class Replay {
  readonly #hush: (quiet: boolean) => void;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `hush` is called with true when messages are to be shown only, and with false when they are read out again. */
  constructor(hush: (quiet: boolean) => void) {
    this.#hush = hush;
  }

  /** A replica said welcome. `first`: no replica has told this page anything before. */
  begin(first: boolean): void {
    // A page that was just loaded is not read out from top to bottom, what was missed is.
    this.#hush(first);
    this.#running = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = false;
      this.#hush(false);
    }, PAST_MS);
  }

  /** Whether `message` is of the past. The panel shows what happens now, by replicas that are there. */
  isOld(message: Message): boolean {
    return this.#running && Date.now() - message.sentAt.getTime() > OLD_MS;
  }
}
