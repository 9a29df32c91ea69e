// A match by the rules of client/src/game/rules, which are those of crates/game, as a server in JavaScript plays it.

import { newState, outcome, step } from "../../../client/src/game/rules/step";

export const SEATS = 8;

/** From one tick to the next. In milliseconds. */
export const TICK_MS = 50;

const NOTHING = { direction: null, hold: false };

export class Match {
  #seed;
  #inputs = Array.from({ length: SEATS }, () => NOTHING);
  #lastInputs = new Array(SEATS).fill(0);

  constructor(seed) {
    this.#seed = seed;
    this.state = newState(seed, SEATS);
  }

  /** A seat's player does something. */
  hear(seat, direction, hold, sequence) {
    this.#inputs[seat] = { direction, hold };
    this.#lastInputs[seat] = sequence;
  }

  /** Plays a tick. A match that is over begins anew, so that there is always one to measure. */
  tick() {
    if (outcome(this.state) !== "playing") this.state = newState(++this.#seed, SEATS);
    step(this.state, this.#inputs);
  }

  /** The state as the 122 bytes of crates/game/src/snapshot.rs. */
  encode() {
    const bytes = Buffer.allocUnsafe(10 + 14 * SEATS);
    const { tick, radius, goats } = this.state;
    bytes.writeUInt8(2, 0);
    bytes.writeUInt16LE(1, 1);
    bytes.writeUInt32LE(tick, 3);
    bytes.writeUInt16LE(radius, 7);
    bytes.writeUInt8(SEATS, 9);
    goats.forEach((goat, seat) => {
      const at = 10 + 14 * seat;
      bytes.writeInt16LE(goat.x, at);
      bytes.writeInt16LE(goat.y, at + 2);
      bytes.writeInt16LE(goat.vx, at + 4);
      bytes.writeInt16LE(goat.vy, at + 6);
      bytes.writeUInt8(goat.facing | (goat.lives << 5), at + 8);
      bytes.writeUInt8(goat.charge, at + 9);
      bytes.writeUInt8(goat.lunge | (goat.force << 3), at + 10);
      bytes.writeUInt8(goat.ticksLeft > 0 ? 128 + goat.ticksLeft : goat.fainted, at + 11);
      bytes.writeUInt16LE(this.#lastInputs[seat], at + 12);
    });
    return bytes;
  }
}
