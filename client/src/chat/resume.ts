/** How far this page has heard, and what it says when it goes on from there. */

/** Comes before every id: whoever has heard nothing yet gets the last that was said. */
const START = "0-0";

export class Resume {
  #last = START;
  #replica: string | null = null;
  #goneAt: number | null = null;

  /** Where to connect to: the place from which a replica is to go on is in the query. */
  get path(): string {
    return `/ws?${new URLSearchParams({ after: this.#last })}`;
  }

  /** Whether this page has not heard of any replica yet. */
  get first(): boolean {
    return this.#replica === null;
  }

  /** These messages were heard, in this order. Their ids have a meaning for the server alone. */
  heard(messages: readonly { id: string }[]): void {
    this.#last = messages.at(-1)?.id ?? this.#last;
  }

  /** The connection is gone, at `now` in milliseconds. */
  lost(now: number): void {
    if (this.#replica !== null) this.#goneAt ??= now;
  }

  /** `replica` goes on from here. Gives what is to be said of it. */
  welcomed(replica: string, now: number): string {
    const [before, goneAt] = [this.#replica, this.#goneAt ?? now];
    this.#replica = replica;
    this.#goneAt = null;
    if (before === null) return `${replica} tells you what was said, and from now on what is said.`;
    const seconds = Math.round((now - goneAt) / 1000);
    const away = seconds < 1 ? "less than a second" : `${seconds} s`;
    const where =
      before === replica ? `are back with ${replica}` : `moved from ${before} to ${replica}`;
    return `You were away for ${away}, and ${where}, which tells you what you missed.`;
  }

  /** The history does not reach back to here. Gives what is to be said of it. */
  gap(): string {
    // With the old place, the next connection would have the same gap.
    this.#last = START;
    return "Some of what was said before can no longer be shown. From here on nothing is missing.";
  }

  /** Somebody else sits here now. */
  clear(): void {
    this.#last = START;
    this.#replica = null;
    this.#goneAt = null;
  }
}
