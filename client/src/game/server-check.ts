/** Finds out whether a game server is gone for good. A WebSocket that is not let in does not say why; the answer to a plain request does. */

/** From one question to the next, at least. In milliseconds. */
const PAUSE_MS = 1000;

/** A server that was gone in each answer for so long does not come back: one that is only slow to be found again is there sooner. In milliseconds. */
const GONE_MS = 3000;

/** An answer that takes longer is none. In milliseconds. */
const LIMIT_MS = 2000;

/** What is answered in place of a server that is gone. */
const GONE = 410;

export class ServerCheck {
  readonly #ask: (path: string) => Promise<number | null>;
  readonly #gone: () => void;
  readonly #now: () => number;
  #era = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #goneSince: number | null = null;

  /** `gone` is called when it is. `ask` gives the HTTP status of the answer for a path; null without an answer. */
  constructor(
    gone: () => void,
    now: () => number,
    ask: (path: string) => Promise<number | null> = askServer,
  ) {
    this.#gone = gone;
    this.#now = now;
    this.#ask = ask;
  }

  /** There is a reason to believe that the server whose WebSockets are at `path` is gone. */
  async doubt(path: string): Promise<void> {
    const askedAt = this.#now();
    if (askedAt - this.#askedAt < PAUSE_MS) return;
    this.#askedAt = askedAt;
    const era = this.#era;
    const status = await this.#ask(path);
    if (era !== this.#era) return;
    this.#goneSince = status === GONE ? (this.#goneSince ?? askedAt) : null;
    if (this.#goneSince !== null && askedAt - this.#goneSince >= GONE_MS) this.#gone();
  }

  /** There is none any more. */
  reset(): void {
    this.#era += 1;
    this.#goneSince = null;
  }
}

async function askServer(path: string): Promise<number | null> {
  try {
    const url = new URL(".", new URL(path, location.href));
    const signal = AbortSignal.timeout(LIMIT_MS);
    return (await fetch(url, { method: "HEAD", cache: "no-store", signal })).status;
  } catch {
    return null;
  }
}
