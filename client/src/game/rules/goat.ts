/** What a goat does by itself, and what becomes of it. */

import { eastward, ONE, southward, towards } from "./directions";
import { length, quotient } from "./integers";
import {
  CLIMB_TICKS,
  type Goat,
  type Input,
  LIVES,
  lungeTicks,
  MAX_CHARGE,
  MAX_PLACE,
  MAX_SPEED,
  UNITS,
} from "./state";

/**
 * What walking goats and creeping ones gain in a tick, in sub-units a tick. They lose a quarter of their speed in each, so
 * they get to four times as much.
 */
const [WALK, CREEP] = [2 * UNITS, (3 * UNITS) / 4];

export function newGoat(x: number, y: number): Goat {
  return {
    x,
    y,
    vx: 0,
    vy: 0,
    facing: towards(-x, -y),
    charge: 0,
    lunge: 0,
    force: 0,
    fainted: 0,
    lives: LIVES,
    standing: "up",
    ticksLeft: 0,
  };
}

/** Does what its player says, as far as it can. */
export function obey(goat: Goat, { direction, hold }: Input): void {
  if (goat.standing !== "up") return;
  if (goat.fainted > 0) {
    // Stiff legs slide.
    goat.fainted--;
    slowDown(goat, 7, 8);
    return;
  }
  if (goat.lunge > 0) goat.lunge--;
  if (goat.lunge === 0) {
    goat.force = 0;
    walk(goat, { direction, hold });
  }
  if (hold) {
    goat.charge = Math.min(MAX_CHARGE, goat.charge + 1);
  } else if (goat.charge > 0) {
    // Also out of a lunge, which goes on to where its player has turned by now.
    goat.facing = direction ?? goat.facing;
    letGo(goat);
  }
}

/** Goes on for the `part`-th part of a tick. */
export function advance(goat: Goat, part: number): void {
  if (goat.standing === "up") moveBy(goat, quotient(goat.vx, part), quotient(goat.vy, part));
}

export function moveBy(goat: Goat, x: number, y: number): void {
  goat.x = Math.max(-MAX_PLACE, Math.min(MAX_PLACE, goat.x + x));
  goat.y = Math.max(-MAX_PLACE, Math.min(MAX_PLACE, goat.y + y));
}

/** Is hit, and gets this speed by it. */
export function faint(goat: Goat, ticks: number, vx: number, vy: number): void {
  goat.fainted = Math.max(goat.fainted, ticks);
  goat.charge = 0;
  spendLunge(goat);
  push(goat, vx, vy);
}

/** Has hit somebody, or was hit: the lunge is over. */
export function spendLunge(goat: Goat): void {
  goat.lunge = 0;
  goat.force = 0;
  slowDown(goat, 1, 4);
}

export function push(goat: Goat, vx: number, vy: number): void {
  goat.vx += vx;
  goat.vy += vy;
  const speed = length(goat.vx, goat.vy);
  if (speed > MAX_SPEED) slowDown(goat, MAX_SPEED, speed);
}

/** Falls off the mountain. */
export function fall(goat: Goat): void {
  goat.lives = Math.max(0, goat.lives - 1);
  goat.charge = 0;
  goat.fainted = 0;
  goat.lunge = 0;
  goat.force = 0;
  goat.standing = goat.lives > 0 ? "climbing" : "out";
  goat.ticksLeft = goat.lives > 0 ? CLIMB_TICKS : 0;
}

/** Is back on the mountaintop. */
export function comeBack(goat: Goat, x: number, y: number): void {
  Object.assign(goat, newGoat(x, y), { lives: goat.lives });
}

/** How fast a goat becomes that is hit, by the force, in sub-units a tick: patience is rewarded more than haste. */
export function throwSpeed(force: number): number {
  return 120 + 20 * force + quotient(5 * force * force, 2);
}

function walk(goat: Goat, { direction, hold }: Input): void {
  slowDown(goat, 3, 4);
  if (direction === null) return;
  goat.facing = direction;
  const gain = hold ? CREEP : WALK;
  goat.vx += quotient(eastward(direction) * gain, ONE);
  goat.vy += quotient(southward(direction) * gain, ONE);
}

function letGo(goat: Goat): void {
  goat.force = goat.charge;
  goat.lunge = lungeTicks(goat.force);
  goat.charge = 0;
  const speed = lungeSpeed(goat.force);
  goat.vx = quotient(eastward(goat.facing) * speed, ONE);
  goat.vy = quotient(southward(goat.facing) * speed, ONE);
}

/** How fast a goat lunges, by the force, in sub-units a tick: at first hardly faster than it walks. */
function lungeSpeed(force: number): number {
  return 8 * UNITS + (force * UNITS) / 2;
}

/** Keeps so much of its speed. Rounded towards zero, so that whatever slides comes to rest. */
function slowDown(goat: Goat, share: number, of: number): void {
  goat.vx = quotient(goat.vx * share, of);
  goat.vy = quotient(goat.vy * share, of);
}
