/** A match at one tick, as `crates/game` has it. */

/** Ticks in a second, if nobody plays faster or slower. */
export const TICKS_PER_SECOND = 20;

/** Sub-units in a pixel. Places are in sub-units, speeds in sub-units a tick. */
export const UNITS = 64;

export const MIN_SEATS = 2;
export const MAX_SEATS = 8;

/** The longest that a match can take, in ticks. */
export const MAX_TICKS = 90 * TICKS_PER_SECOND;

/** Lives that a goat has at first. */
export const LIVES = 3;

/** Ticks after which a butt is charged fully. */
export const MAX_CHARGE = 20;

/** Ticks from a fall to the return. */
export const CLIMB_TICKS = 40;

/** How large a goat is, from its middle to its edge, in sub-units. */
export const GOAT_RADIUS = 16 * UNITS;

/** How large the mountaintop is at first and at last, from its middle to its edge, in sub-units. */
export const MAX_RADIUS = 288 * UNITS;
export const MIN_RADIUS = 100 * UNITS;

/** How far from the middle of the mountain a goat can be, along each axis, in sub-units: it falls long before. */
export const MAX_PLACE = 480 * UNITS;

/** The most that a goat can do in a tick, in sub-units. */
export const MAX_SPEED = 40 * UNITS;

/** The longest that a lunge can go on, in ticks. */
export const MAX_LUNGE = lungeTicks(MAX_CHARGE);

/** The longest that a goat lies there, in ticks. */
export const MAX_FAINT = faintTicks(MAX_CHARGE);

/** Where a goat is: on the mountaintop, on its way back to it, or without a life left. */
export type Standing = "up" | "climbing" | "out";

export interface Goat {
  /** Its middle, in sub-units from the middle of the mountain: to the east and, on a screen, downwards. */
  x: number;
  y: number;
  /** Its speed, in sub-units a tick. */
  vx: number;
  vy: number;
  /** The direction in which it looks, and would lunge: 0 to 31. */
  facing: number;
  /** For how many ticks its butt has been charged: 0 to 20. 0 means that it is not charging. */
  charge: number;
  /** For how many ticks it goes on with its lunge: 0 to 7. Who is in its way meanwhile is hit. */
  lunge: number;
  /** How long that lunge was charged: 1 to 20; 0 if it does not lunge. */
  force: number;
  /** For how many ticks it still lies there with stiff legs because it was hit: 0 to 14. */
  fainted: number;
  /** Falls that it can afford, and the one that it cannot: 0 to 3. */
  lives: number;
  /** Where it is. One that fell keeps the place and the speed at which it did. */
  standing: Standing;
  /** Ticks until a climbing goat is back: 1 to 40; else 0. */
  ticksLeft: number;
}

export interface State {
  /** Steps since the beginning. */
  tick: number;
  /** How large the mountaintop is, from its middle to its edge, in sub-units. */
  radius: number;
  /** The goat of each seat. */
  goats: Goat[];
}

/** What a player does in a tick. */
export interface Input {
  /** Where the goat is to go: 0 to 31; null if it is to stand. */
  direction: number | null;
  /** Whether the butt is being charged. The first tick without it lets go. */
  hold: boolean;
}

/** How a match stands: it goes on, a seat has won, or nobody has. */
export type Outcome = "playing" | { won: number } | "drawn";

/** How long a lunge goes on, by its force, in ticks: 3 to 7. */
export function lungeTicks(force: number): number {
  return 3 + Math.floor(force / 5);
}

/** How long a goat lies there that was hit, by the force, in ticks. */
export function faintTicks(force: number): number {
  return 4 + Math.floor(force / 2);
}
