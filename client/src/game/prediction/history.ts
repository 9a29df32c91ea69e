/** What this page's player did, by the tick that it was meant for: the server may not have heard of it yet. */

import { type Input, NEUTRAL } from "../wire";

/** So many are remembered. There is at most one in a tick, so they last for more than any way there and back. */
const MOST = 64;

/** An input, and the tick that it is meant for. */
interface Recorded {
  tick: number;
  input: Input;
}

const NOTHING: Recorded = { tick: Number.NEGATIVE_INFINITY, input: NEUTRAL };

export class History {
  #recorded: Recorded[] = [];

  /** The player does this from `tick` on. Ticks only rise. */
  record(tick: number, input: Input): void {
    this.#recorded = [...this.#recorded, { tick, input }].slice(-MOST);
  }

  /** Nobody has done anything yet, or what was done does not count any more. */
  forget(): void {
    this.#recorded = [];
  }

  /** What the server is going to play if it has played the input `played` last, of which the lower 16 bits are known. */
  replay(played: number): Replay {
    const last = this.#recorded.findLast(({ tick }) => !isAfter(tick, played));
    return new Replay((tick) => this.#after(tick), last ?? NOTHING);
  }

  /** The first input that is meant for a later tick than this. */
  #after(tick: number): Recorded | undefined {
    return this.#recorded.find((recorded) => recorded.tick > tick);
  }
}

/**
 * The inputs as the server's queue gives them, tick after tick. What it has not played in its tick comes late, and is played as soon as it comes: of
 * several that are due at once what only turns the goat gives way, but each press and each release is played.
 */
export class Replay {
  readonly #after: (tick: number) => Recorded | undefined;
  /** What was played last, or has given way. */
  #last: Recorded;
  #held: Input;

  constructor(after: (tick: number) => Recorded | undefined, last: Recorded) {
    this.#after = after;
    this.#last = last;
    this.#held = last.input;
  }

  /** What the server plays at `tick`. Ticks are asked for one after the other. */
  next(tick: number): Input {
    for (let due = this.#due(tick); due !== undefined; ) {
      this.#last = due;
      const { input } = due;
      due = this.#due(tick);
      const onlyTurns = input.hold === this.#held.hold || input.hold === due?.input.hold;
      if (due !== undefined && onlyTurns) continue;
      this.#held = input;
      break;
    }
    return this.#held;
  }

  /** What comes next, if it is due. */
  #due(tick: number): Recorded | undefined {
    const next = this.#after(this.#last.tick);
    return next !== undefined && next.tick <= tick ? next : undefined;
  }
}

/** Whether a tick comes after another one, of which only the lower 16 bits are known. */
function isAfter(tick: number, other: number): boolean {
  return ((tick - other) << 16) >> 16 > 0;
}
