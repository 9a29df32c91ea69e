/** Plays the match on from the last snapshot, by the rules: what the server is going to do, as far as it can be known here. */

import type { Snapshot } from "../rules/snapshot";
import type { State } from "../rules/state";
import { step } from "../rules/step";
import { NEUTRAL } from "../wire";
import type { History, Replay } from "./history";
import { Others } from "./others";

/** Of the states that snapshots have told, so many are kept: the picture is drawn between two of them, too. */
const PAST = 4;

/** At most so many ticks are played ahead. What is farther away than that is guesswork. */
const MOST_AHEAD = 40;

export class Predictor {
  readonly #history: History;
  readonly #others = new Others();
  #last: Snapshot | null = null;
  #own = 0;
  #away: readonly boolean[] = [];
  #replay: Replay | null = null;
  /** What was told before the last snapshot. */
  #past: State[] = [];
  /** The state of the last snapshot, and what follows from it, tick after tick. */
  #states: State[] = [];

  constructor(history: History) {
    this.#history = history;
  }

  /** The newest snapshot; null if there is none. */
  get last(): Snapshot | null {
    return this.#last;
  }

  /** There is a newer snapshot. `own`: the seat of this page's player; `away`: whose player is not here, for each seat. */
  heard(snapshot: Snapshot, own: number, away: readonly boolean[]): void {
    const before = this.#last;
    const isNext = before?.match === snapshot.match && before.state.tick < snapshot.state.tick;
    if (before !== null && isNext) {
      this.#others.learn(before.state, snapshot.state);
      this.#past = [...this.#past, before.state].slice(-PAST);
    } else this.forget();
    this.#last = snapshot;
    this.#own = own;
    this.#away = away;
    this.#replay = this.#history.replay(snapshot.lastInputs[own] ?? 0);
    this.#states = [snapshot.state];
  }

  /** How it stands at `tick`; null without a snapshot. Inputs up to `tick` have to be in the history. */
  at(tick: number): State | null {
    const first = this.#states[0];
    if (first === undefined || this.#replay === null) return null;
    if (tick < first.tick) return this.#past.findLast((state) => state.tick <= tick) ?? first;
    const ahead = Math.max(0, Math.min(MOST_AHEAD, tick - first.tick));
    for (let last = this.#states.at(-1); last && this.#states.length <= ahead; ) {
      last = this.#after(last, this.#replay);
      this.#states.push(last);
    }
    return this.#states[ahead] ?? null;
  }

  forget(): void {
    this.#last = null;
    this.#past = [];
    this.#states = [];
    this.#others.forget();
  }

  #after(before: State, replay: Replay): State {
    const own = replay.next(before.tick + 1);
    const state = { ...before, goats: before.goats.map((goat) => ({ ...goat })) };
    const inputs = state.goats.map((_, seat) => {
      if (seat === this.#own) return own;
      return this.#away[seat] ? NEUTRAL : this.#others.of(seat);
    });
    step(state, inputs);
    return state;
  }
}
