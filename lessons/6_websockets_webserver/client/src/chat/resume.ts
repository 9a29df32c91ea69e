/** What this page says when it goes on after it was away. It does not learn what was said meanwhile. */

/** Where to connect to. */
const PATH = "/ws";

export class Resume {
  #begun = false;
  #goneAt: number | null = null;

  get path(): string {
    return PATH;
  }

  /** The connection is gone, at `now` in milliseconds. */
  lost(now: number): void {
    if (this.#begun) this.#goneAt ??= now;
  }

  /** `replica` goes on from here. Gives what is to be said of it. */
  welcomed(replica: string, now: number): string {
    const goneAt = this.#goneAt ?? now;
    const back = this.#begun;
    this.#begun = true;
    this.#goneAt = null;
    if (!back) return `From now on, ${replica} tells you what is said.`;
    const seconds = Math.round((now - goneAt) / 1000);
    const away = seconds < 1 ? "less than a second" : `${seconds} s`;
    return `You were away for ${away}, and are back with ${replica}. What was said meanwhile is missing here.`;
  }

  /** Somebody else sits here now. */
  clear(): void {
    this.#begun = false;
    this.#goneAt = null;
  }
}
