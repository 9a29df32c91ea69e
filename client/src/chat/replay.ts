/** The first moments after a welcome, in which a replica may still be sending what was said before. */

import type { Message } from "../net/message";

/** How long after a welcome a replica may still be sending what was said before. In milliseconds. */
const REPLAY_MS = 1500;

/** A message that is older than this when it comes was said before. In milliseconds, by two clocks that may differ. */
const OLD_MS = 5000;

export class Replay {
  readonly #hush: (quiet: boolean) => void;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `hush` is called with true when messages are to be shown only, and with false when they are read out again. */
  constructor(hush: (quiet: boolean) => void) {
    this.#hush = hush;
  }

  /** A replica said welcome. `first`: it is the first that this page hears of. */
  begin(first: boolean): void {
    // A page that was just loaded is not read out from top to bottom, what was missed is.
    this.#hush(first);
    this.#running = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#running = false;
      this.#hush(false);
    }, REPLAY_MS);
  }

  /** Whether `message` was said before. The panel shows what happens now, by replicas that are there. */
  isOld(message: Message): boolean {
    return this.#running && Date.now() - message.sentAt.getTime() > OLD_MS;
  }
}
