/** What there is to see of a match, in the measures of a picture. */

import { DIRECTIONS } from "./rules/directions";
import type { Snapshot } from "./rules/snapshot";
import * as rules from "./rules/state";

/** Pixels from the middle of the mountaintop to its edge: when a match begins, and at the least. */
export const MAX_RADIUS = rules.MAX_RADIUS / rules.UNITS;
export const MIN_RADIUS = rules.MIN_RADIUS / rules.UNITS;

/** Pixels from the middle of a goat to its edge. */
export const GOAT_RADIUS = rules.GOAT_RADIUS / rules.UNITS;

export interface GoatView {
  /** Where it is, in pixels from the middle of the mountain; y grows downwards, to the south. */
  x: number;
  y: number;
  /** Its speed, in pixels a tick. */
  vx: number;
  vy: number;
  /** Where it looks: radians clockwise from the east. */
  facing: number;
  /** How far its butt is charged, from 0 to 1. */
  charge: number;
  /** How strong the butt is with which it lunges now, from 0 to 1; 0 if it does not. */
  lunge: number;
  /** Whether it lies there with stiff legs, because it was hit. */
  fainted: boolean;
  /** From 0 to 3. */
  lives: number;
  standing: rules.Standing;
  /** Ticks until a goat that fell is back; 0 if it did not. */
  ticksLeft: number;
  /** The goat of nobody yet: it is drawn as a shade. */
  shade?: boolean;
}

export interface World {
  match: number;
  tick: number;
  /** Pixels from the middle to the edge of the mountaintop. */
  radius: number;
  /** The goat of each seat. */
  goats: GoatView[];
}

/** The match as it is in a snapshot. */
export function worldOf({ match, state }: Snapshot): World {
  const goats = state.goats.map((goat): GoatView => {
    return {
      x: goat.x / rules.UNITS,
      y: goat.y / rules.UNITS,
      vx: goat.vx / rules.UNITS,
      vy: goat.vy / rules.UNITS,
      facing: (goat.facing / DIRECTIONS) * 2 * Math.PI,
      charge: goat.charge / rules.MAX_CHARGE,
      lunge: goat.force / rules.MAX_CHARGE,
      fainted: goat.fainted > 0,
      lives: goat.lives,
      standing: goat.standing,
      ticksLeft: goat.ticksLeft,
    };
  });
  return { match, tick: state.tick, radius: state.radius / rules.UNITS, goats };
}

/** A goat that stands somewhere and looks to the middle. */
export function standingGoat(x: number, y: number, facing = Math.atan2(-y, -x)): GoatView {
  const still = { vx: 0, vy: 0, charge: 0, lunge: 0, fainted: false, lives: rules.LIVES };
  return { x, y, facing, ...still, standing: "up", ticksLeft: 0 };
}

/** Before a match: all in a circle. `taken`: whether somebody has each of the seats. */
export function gathered(taken: readonly boolean[]): World {
  const goats = taken.map((isTaken, seat): GoatView => {
    const angle = ((seat + 0.5) / taken.length - 0.25) * 2 * Math.PI;
    const [x, y] = [Math.cos(angle) * 0.7 * MAX_RADIUS, Math.sin(angle) * 0.7 * MAX_RADIUS];
    return { ...standingGoat(x, y), shade: !isTaken };
  });
  return { match: -1, tick: 0, radius: MAX_RADIUS, goats };
}
