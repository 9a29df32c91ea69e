/** The moving strip: which replica had to do with each of the last events. No DOM, no clock. */

import type { Call } from "../net/api";

/** How many of the last events are kept. A replica that none of them names is forgotten. */
export const WINDOW = 60;

/** The lane of what no replica answered. No replica can have this name. */
export const NOBODY = "";

/** Heartbeats this often without an answer mean that the system is away, not one lost packet. */
const AWAY_AFTER = 2;

/** How a mark looks, and what that means. */
export const LOOKS = {
  answered: "answered",
  forgotten: "does not know you",
  refused: "refused",
  nobody: "no replica answered",
  taken: "took a message", // lesson 5
  delivered: "told you of it", // lesson 5
};

export interface Mark {
  lane: string;
  look: keyof typeof LOOKS;
  /** Whether a person caused it; the page's own questions are drawn smaller. */
  big: boolean;
}

/** One event: a column of the strip, with a mark in each lane that it concerns. */
export interface Column {
  /** Counts from 0 and never repeats. */
  n: number;
  marks: Mark[];
  /** The event in words. */
  label: string;
}

export interface Lane {
  name: string;
  /** How many events ago this lane was last part of one. */
  ago: number;
  /** Whether the others were heard so often since that something must be wrong with this one. */
  silent: boolean;
}

export class Strip {
  #columns: Column[] = [];
  #next = 0;
  #unanswered = 0;

  get columns(): readonly Column[] {
    return this.#columns;
  }

  /** Whether nobody answered the last calls. */
  get away(): boolean {
    return this.#unanswered >= AWAY_AFTER;
  }

  add(marks: Mark[], label: string): Column {
    const column = { n: this.#next++, marks, label };
    this.#columns = [...this.#columns, column].slice(-WINDOW);
    const answered = marks.some((mark) => mark.lane !== NOBODY);
    this.#unanswered = answered ? 0 : this.#unanswered + 1;
    return column;
  }

  /** The lanes by name, `webserver-2` before `webserver-10`, and NOBODY's last. */
  lanes(): Lane[] {
    const last = new Map<string, number>();
    for (const { n, marks } of this.#columns) {
      for (const { lane } of marks) last.set(lane, n);
    }
    const replicas = last.size - (last.has(NOBODY) ? 1 : 0);
    // In turn, each replica answers every `replicas` calls. Other people's calls disturb the turn,
    // so one that is only late must not count as silent.
    const patience = Math.max(10, 5 * replicas);
    return [...last]
      .map(([name, n]) => {
        const ago = this.#next - 1 - n;
        return { name, ago, silent: name !== NOBODY && ago >= patience };
      })
      .sort((a, b) => byName(a.name, b.name));
  }
}

/** The mark and the words for one call. `forgotten`: it was answered as if nobody had logged in. */
export function describe(call: Call, forgotten: boolean): [Mark[], string] {
  const what = `${call.method} ${call.path}`;
  const lane = call.replica ?? NOBODY;
  const big = !call.automatic;
  if (call.replica === null) {
    const status = call.status === 0 ? "no answer" : `${call.status} without a replica`;
    return [[{ lane, look: "nobody", big }], `${what}: ${status}`];
  }
  const label = `${what}: ${call.status} from ${call.replica}, ${milliseconds(call.ms)}`;
  if (forgotten) return [[{ lane, look: "forgotten", big }], `${label}, does not know you`];
  return [[{ lane, look: call.status < 400 ? "answered" : "refused", big }], label];
}

/** A duration for people: `4 ms`, `1.2 s`. */
export function milliseconds(ms: number): string {
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function byName(a: string, b: string): number {
  if (a === NOBODY || b === NOBODY) return a === b ? 0 : a === NOBODY ? 1 : -1;
  return a.localeCompare(b, "en", { numeric: true });
}
