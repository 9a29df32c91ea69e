/** What a player sees: the match ahead of the last snapshot, so that their own goat reacts at once; and what was wrong is put right gently. */

import type { Snapshot } from "../rules/snapshot";
import type { Input } from "../wire";
import { between, type GoatView, type World, worldOf } from "../world";
import { Accuracy } from "./accuracy";
import type { PageClock } from "./clock";
import { History } from "./history";
import { Predictor } from "./predictor";
import { Smoothing } from "./smoothing";

/** What is off by more after a time in which nothing was heard is no correction any more. In ticks. */
const GAP = 10;

export class Prediction {
  readonly #own: number;
  readonly #clock: PageClock;
  readonly #turn: (tick: number, time: number) => void;
  readonly #accuracy: Accuracy;
  readonly #history = new History();
  readonly #predictor = new Predictor(this.#history);
  readonly #smoothing = new Smoothing();
  /** The page's tick, of which `turn` was told, and the one that is being shown: until the next one the picture goes to it. */
  #tick = 0;
  #shown = 0;
  /** The number of the input that the server had played last. */
  #played = 0;

  /** `own`: the seat of this page's player. `turn` is called for each tick that the page comes to; what the player does in it has to be told then. */
  constructor(
    own: number,
    clock: PageClock,
    turn: (tick: number, time: number) => void,
    accuracy = new Accuracy(),
  ) {
    this.#own = own;
    this.#clock = clock;
    this.#turn = turn;
    this.#accuracy = accuracy;
  }

  /** How well the own goat was shown lately. */
  get accuracy(): Accuracy {
    return this.#accuracy;
  }

  /** The tick that the page has come to. */
  get tick(): number {
    return this.#tick;
  }

  /** The server does not know any more what the player did until now. */
  seated(): void {
    this.#history.forget();
  }

  /** At `time` the server was told that the player does this at `tick`. */
  did(input: Input, tick: number, time: number): void {
    this.#history.record(tick, input);
    this.#clock.sent(tick, time);
  }

  /** A snapshot came at `time`. `away`: whether the player of each seat is not here. */
  heard(snapshot: Snapshot, time: number, away: readonly boolean[]): void {
    const last = this.#predictor.last;
    const { tick } = snapshot.state;
    if (last !== null && last.state.tick >= tick) return;
    const before = last !== null && tick - last.state.tick <= GAP ? this.look(time) : null;
    this.#clock.heard(tick, time);
    this.#judge(snapshot, last);
    this.#predictor.heard(snapshot, this.#own, away);
    this.advance(time);
    if (before === null) this.#smoothing.forget();
    else this.#correct(before, time);
    const goat = worldOf(snapshot).goats[this.#own];
    this.#accuracy.told(tick, time, goat?.standing === "up" ? goat : null);
  }

  /** It is `time`. */
  advance(time: number): void {
    if (this.#predictor.last === null) return;
    const tick = Math.floor(this.#clock.tickAt(time));
    if (tick !== this.#tick) {
      this.#tick = tick;
      this.#turn(tick, time);
    }
    const shown = Math.floor(this.#clock.shownAt(time));
    if (shown === this.#shown + 1) this.#note(this.#shown, time);
    this.#shown = shown;
  }

  /** Milliseconds from `time` to the next tick of the page. */
  untilNextTick(time: number): number {
    return (this.#tick + 1 - this.#clock.tickAt(time)) * this.#clock.tickMs;
  }

  /** What is to be seen at `time`; null as long as there is nothing. */
  look(time: number): World | null {
    const world = this.#predicted(time);
    if (world === null) return null;
    const goats = world.goats.map((goat, seat) => {
      const { x, y } = this.#smoothing.at(seat, time);
      return { ...goat, x: goat.x + x, y: goat.y + y };
    });
    return { ...world, goats };
  }

  #predicted(time: number): World | null {
    if (this.#predictor.last === null) return null;
    const now = this.#clock.shownAt(time);
    const tick = Math.floor(now);
    const [from, to] = [this.#worldAt(tick - 1), this.#worldAt(tick)];
    return from && to && between(from, to, now - tick);
  }

  #worldAt(tick: number): World | null {
    const { last } = this.#predictor;
    const state = this.#predictor.at(tick);
    if (last === null || state === null) return null;
    const told = worldOf(last);
    const world = worldOf({ ...last, state });
    const goats = world.goats.map((goat, seat) => asTold(goat, told.goats[seat] ?? goat));
    return { ...world, goats };
  }

  /** What was shown for `tick` has been seen. */
  #note(tick: number, time: number): void {
    const { last } = this.#predictor;
    const without = last && worldOf(last).goats[this.#own];
    const goat = this.#worldAt(tick)?.goats[this.#own];
    if (!without || goat?.standing !== "up") return;
    const { x, y } = this.#smoothing.at(this.#own, time);
    const withPrediction = { x: goat.x + x, y: goat.y + y };
    this.#accuracy.shown(tick, time, { withPrediction, without });
  }

  /** Finds out whether the input that the server has played came in time. */
  #judge(snapshot: Snapshot, last: Snapshot | null): void {
    const played = snapshot.lastInputs[this.#own] ?? 0;
    if (last !== null && played !== this.#played) {
      this.#clock.played(played, Math.max(played, last.state.tick + 1));
    }
    this.#played = played;
  }

  #correct(before: World, time: number): void {
    const after = this.#predicted(time);
    for (const [seat, is] of after?.goats.entries() ?? []) {
      const was = before.goats[seat];
      if (was && was.standing === is.standing && isAlike(was, is)) {
        this.#smoothing.correct(seat, time, was, is);
      } else this.#smoothing.jump(seat);
    }
  }
}

/** Falls and returns are not predicted: a goat that fell in error would be on the mountain again, and nobody would understand that. */
function asTold(goat: GoatView, told: GoatView): GoatView {
  if (goat.standing === told.standing) return goat;
  if (told.standing !== "up") return told;
  return { ...goat, standing: "up", lives: told.lives, ticksLeft: 0 };
}

/** Whether it was neither hit nor has it hit anybody, so that the two differ by the place only. */
function isAlike(was: GoatView, is: GoatView): boolean {
  return was.fainted === is.fainted && was.lunge > 0 === is.lunge > 0;
}
