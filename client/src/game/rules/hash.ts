/** The hash of a state, by which it is found out whether this page and a server play the same match. */

import type { State } from "./state";

/** FNV-1a with 32 bits, over the four bytes of each number, lowest first. */
export function hash(state: State): number {
  let hash = 0x811c9dc5;
  for (const number of numbers(state)) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((number >> shift) & 0xff), 0x01000193);
    }
  }
  return hash >>> 0;
}

function* numbers(state: State): Generator<number> {
  yield state.tick;
  yield state.radius;
  for (const goat of state.goats) {
    yield* [goat.x, goat.y, goat.vx, goat.vy];
    yield* [goat.facing, goat.charge, goat.lunge, goat.force];
    yield* [goat.fainted, goat.lives, goat.ticksLeft];
  }
}
