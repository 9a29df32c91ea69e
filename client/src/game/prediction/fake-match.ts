/** A match against bots as a page plays it over a bad network, in steps of a millisecond and without a clock: for tests. */

import { InputSender } from "../input-sender";
import { mix } from "../rules/integers";
import type { Input, State } from "../rules/state";
import { newState, outcome, step } from "../rules/step";
import { NEUTRAL } from "../wire";
import type { GoatView, World } from "../world";
import { Accuracy, type Shares } from "./accuracy";
import { PageClock } from "./clock";
import { bot } from "./fake-bots";
import { Prediction } from "./prediction";

const TICK_MS = 50;

/** From one picture to the next, about, in milliseconds. */
const FRAME_MS = 17;

/** The seat of the page's player. */
const OWN = 0;

/** How long everything takes each way, and how much more or less. In milliseconds. */
export interface Network {
  delayMs: number;
  jitterMs: number;
  /** For so long, at the most, the page has something else to do at a time. */
  busyMs: number;
}

/** What has become of a match. */
export interface Played {
  /** How many ticks the own goat was shown, and how well. */
  ticks: number;
  shares: Shares;
  /** The farthest that the own goat has moved from one picture to the next because of a correction, but for butts, falls and returns. In pixels. */
  farthestJump: number;
  /** Inputs that the server has played, and those of them that came too late. */
  inputs: number;
  late: number;
}

/** Plays a match to its end. */
export function playMatch(seed: number, network: Network): Played {
  const random = chance(seed);
  const state = newState(seed, 8);
  const server = new Queue();
  const [up, down] = [new Way<[number, Input]>(network, random), new Way<Told>(network, random)];
  const accuracy = new Accuracy(Number.POSITIVE_INFINITY);
  const clock = new PageClock(TICK_MS, 2 * network.delayMs);
  let time = 0;
  const sender = new InputSender((input, tick) => {
    prediction.did(input, tick, time);
    up.push(time, [tick, input]);
  });
  const turn = (tick: number) => sender.turn(tick, time);
  const prediction: Prediction = new Prediction(OWN, clock, turn, accuracy);
  sender.start();
  const player = new Player(random);
  let [farthestJump, picture]: [number, Picture | null] = [0, null];
  let busyUntil = 0;
  const phase = Math.floor(random() * TICK_MS);
  for (; outcome(state) === "playing"; time++) {
    for (const [tick, input] of up.take(time)) server.push(tick, input);
    if (time % TICK_MS === phase) {
      const own = server.take(state.tick + 1);
      step(
        state,
        state.goats.map((_, seat) => (seat === OWN ? own : bot(seed, state, seat))),
      );
      down.push(time, { state: structuredClone(state), played: server.last });
    }
    for (const { state, played } of down.take(time)) {
      prediction.heard({ match: 1, state, lastInputs: [played] }, time, []);
    }
    if (time % 1000 === 0) clock.pinged(up.sample() + down.sample());
    if (time >= busyUntil) {
      prediction.advance(time);
      busyUntil = time + network.busyMs * random();
    }
    if (time % FRAME_MS !== 0) continue;
    const world = prediction.look(time);
    if (world === null) continue;
    const next = pictureOf(world, time);
    if (picture !== null) farthestJump = Math.max(farthestJump, jump(picture, next));
    picture = next;
    sender.change(player.act(time, next.goat, world.radius));
  }
  const shares = accuracy.shares ?? { withPrediction: 1, without: 1 };
  return { ticks: accuracy.count, shares, farthestJump, inputs: server.count, late: server.late };
}

interface Told {
  state: State;
  played: number;
}

interface Picture {
  time: number;
  goat: GoatView;
}

function pictureOf(world: World, time: number): Picture {
  const goat = world.goats[OWN];
  if (!goat) throw new Error("there is no goat");
  return { time, goat };
}

/** How much farther the goat has come than it can run, from one picture to the next. */
function jump(before: Picture, after: Picture): number {
  const [was, is] = [before.goat, after.goat];
  const isOther = (goat: GoatView) => goat.standing !== "up" || goat.fainted || goat.lunge > 0;
  if (isOther(was) || isOther(is)) return 0;
  const speed = Math.max(Math.hypot(was.vx, was.vy), Math.hypot(is.vx, is.vy), 8);
  const run = (speed * (after.time - before.time)) / TICK_MS;
  return Math.hypot(was.x - is.x, was.y - is.y) - run;
}

/** Somebody who turns, holds and lets go, and keeps away from the edge. */
class Player {
  readonly #random: () => number;
  #turnsAt = 0;
  #soonest = 0;
  #holdsUntil = 0;
  #direction = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  act(time: number, { x, y }: GoatView, radius: number): Input {
    const far = Math.hypot(x, y) / radius;
    if (time >= this.#turnsAt || (far > 0.7 && time >= this.#soonest)) {
      this.#turnsAt = time + 250 + 500 * this.#random();
      this.#soonest = time + 150;
      const inwards = Math.round((Math.atan2(-y, -x) / Math.PI) * 4);
      const turn = Math.floor(this.#random() * (far > 0.6 ? 3 : 8)) - 1;
      // Keys have eight directions.
      this.#direction = ((inwards + turn + 16) % 8) * 4;
      if (this.#random() < 0.3) this.#holdsUntil = time + 200 + 1000 * this.#random();
    }
    return { direction: this.#direction, hold: time < this.#holdsUntil };
  }
}

/** One way through the network. What goes in first comes out first. */
class Way<T> {
  readonly #network: Network;
  readonly #random: () => number;
  readonly #items: { due: number; value: T }[] = [];
  #lastDue = 0;

  constructor(network: Network, random: () => number) {
    this.#network = network;
    this.#random = random;
  }

  /** How long something takes, in milliseconds. */
  sample(): number {
    const { delayMs, jitterMs } = this.#network;
    return 1 + Math.max(0, delayMs + (2 * this.#random() - 1) * jitterMs);
  }

  push(time: number, value: T): void {
    this.#lastDue = Math.max(this.#lastDue, time + this.sample());
    this.#items.push({ due: this.#lastDue, value });
  }

  take(time: number): T[] {
    const count = this.#items.findIndex(({ due }) => due > time);
    const taken = this.#items.splice(0, count < 0 ? this.#items.length : count);
    return taken.map(({ value }) => value);
  }
}

/** The inputs of a seat, as `gameserver/src/seats/inputs.rs` has them. */
class Queue {
  readonly #waiting: { tick: number; input: Input }[] = [];
  #held = NEUTRAL;
  last = 0;
  count = 0;
  late = 0;

  push(tick: number, input: Input): void {
    this.#waiting.push({ tick, input });
  }

  take(tick: number): Input {
    let due = this.#waiting.filter((waiting) => waiting.tick <= tick).length;
    while (due-- > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      const { hold } = next.input;
      const following = due > 0 ? this.#waiting[0] : undefined;
      if (following && (following.input.hold === hold || hold === this.#held.hold)) continue;
      this.#held = next.input;
      this.last = next.tick;
      this.count += 1;
      if (next.tick < tick) this.late += 1;
      break;
    }
    return this.#held;
  }
}

/** Numbers from 0 up to 1 that are the same each time. */
function chance(seed: number): () => number {
  let count = 0;
  return () => mix(seed, 7_000_000 + count++) / 2 ** 32;
}
