/**
 * Goats that touch: they hit each other, bump into each other, and make room.
 *
 * What they do is gathered first, and then done to all at once: the first seat has nothing of being first.
 */

import { eastward, ONE, southward } from "./directions";
import { faint, moveBy, push, spendLunge, throwSpeed } from "./goat";
import { length, quotient } from "./integers";
import { faintTicks, GOAT_RADIUS, type Goat } from "./state";

/** So often goats make room if they are still too close: two have enough of it after the first time, a crowd after a few more. */
const ROUNDS = 6;

/** As near as two goats can be, from middle to middle. */
const NEAREST = 2 * GOAT_RADIUS;

/** What the others do to a goat. */
interface Effect {
  /** Somebody hits it: for so many ticks it faints. */
  faintsFor: number;
  /** It hits somebody. */
  hits: boolean;
  /** What it gains of speed. */
  x: number;
  y: number;
}

/** How one goat touches another: by how much they are too close, and where the other is, as a vector that is `ONE` long. */
interface Contact {
  overlap: number;
  x: number;
  y: number;
}

/** Lets all goats that touch act on each other. */
export function resolve(goats: Goat[]): void {
  const effects: Effect[] = goats.map(() => ({ faintsFor: 0, hits: false, x: 0, y: 0 }));
  const isCrowded = forEachContact(goats, (contact, first, second) => {
    const [one, other] = [goats[first], goats[second]];
    const [toOne, toOther] = [effects[first], effects[second]];
    if (one && other && toOne && toOther) touch(contact, one, other, toOne, toOther);
  });
  if (!isCrowded) return;
  goats.forEach((goat, seat) => {
    const effect = effects[seat];
    if (effect) apply(effect, goat);
  });
  makeRoom(goats);
}

function touch(contact: Contact, one: Goat, other: Goat, toOne: Effect, toOther: Effect): void {
  const { x, y } = contact;
  const [oneHits, otherHits] = [hits(one, x, y), hits(other, -x, -y)];
  if (oneHits) hit(one, x, y, toOther);
  if (otherHits) hit(other, -x, -y, toOne);
  toOne.hits ||= oneHits;
  toOther.hits ||= otherHits;
  if (oneHits || otherHits) return;
  const closing = along(one.vx - other.vx, one.vy - other.vy, x, y);
  // Each gives three quarters of it to the other: goats are neither clay nor billiard balls.
  const given = quotient(Math.max(0, closing) * 3, 4);
  const [givenX, givenY] = [quotient(x * given, ONE), quotient(y * given, ONE)];
  toOne.x -= givenX;
  toOne.y -= givenY;
  toOther.x += givenX;
  toOther.y += givenY;
}

/** Whether a goat lunges at whoever is in this direction: at most 60 degrees to a side of its head. */
function hits(goat: Goat, x: number, y: number): boolean {
  const ahead = along(eastward(goat.facing), southward(goat.facing), x, y);
  return goat.lunge > 0 && ahead >= ONE / 2;
}

/** Whoever is hit flies half to where the butt was aimed, and half to where it was hit. */
function hit(goat: Goat, x: number, y: number, effect: Effect): void {
  const speed = throwSpeed(goat.force);
  effect.faintsFor = Math.max(effect.faintsFor, faintTicks(goat.force));
  effect.x += quotient(quotient(eastward(goat.facing) + x, 2) * speed, ONE);
  effect.y += quotient(quotient(southward(goat.facing) + y, 2) * speed, ONE);
}

function apply(effect: Effect, goat: Goat): void {
  if (effect.faintsFor > 0) {
    faint(goat, effect.faintsFor, effect.x, effect.y);
    return;
  }
  if (effect.hits) spendLunge(goat);
  push(goat, effect.x, effect.y);
}

/** Moves goats apart that are too close. */
function makeRoom(goats: Goat[]): void {
  for (let round = 0; round < ROUNDS; round++) {
    const shifts = goats.map(() => ({ x: 0, y: 0 }));
    const isCrowded = forEachContact(goats, (contact, first, second) => {
      // Half of it each, and a little more, because of what is lost by rounding.
      const way = quotient(contact.overlap, 2) + 1;
      const [x, y] = [quotient(contact.x * way, ONE), quotient(contact.y * way, ONE)];
      const [one, other] = [shifts[first], shifts[second]];
      if (!one || !other) return;
      one.x -= x;
      one.y -= y;
      other.x += x;
      other.y += y;
    });
    if (!isCrowded) return;
    goats.forEach((goat, seat) => {
      const shift = shifts[seat];
      if (shift) moveBy(goat, shift.x, shift.y);
    });
  }
}

/** Calls `then` for any two goats that touch, and says whether there were any. */
function forEachContact(
  goats: readonly Goat[],
  then: (contact: Contact, first: number, second: number) => void,
): boolean {
  let isCrowded = false;
  goats.forEach((one, first) => {
    for (let second = first + 1; second < goats.length; second++) {
      const other = goats[second];
      const contact = other && between(one, other);
      if (!contact) continue;
      isCrowded = true;
      then(contact, first, second);
    }
  });
  return isCrowded;
}

function between(one: Goat, other: Goat): Contact | null {
  if (one.standing !== "up" || other.standing !== "up") return null;
  const [x, y] = [other.x - one.x, other.y - one.y];
  if (Math.abs(x) >= NEAREST || Math.abs(y) >= NEAREST) return null;
  const distance = length(x, y);
  if (distance >= NEAREST) return null;
  const overlap = NEAREST - distance;
  if (distance === 0) return { overlap, x: ONE, y: 0 };
  return { overlap, x: quotient(x * ONE, distance), y: quotient(y * ONE, distance) };
}

/** How far a vector goes in a direction that is `ONE` long. */
function along(x: number, y: number, directionX: number, directionY: number): number {
  return quotient(x * directionX + y * directionY, ONE);
}
