/** The mountaintop: how large it is, and where on it a goat begins. */

import { DIRECTIONS, eastward, ONE, southward, towards, turned } from "./directions";
import { mix, quotient } from "./integers";
import { GOAT_RADIUS, type Goat, MAX_RADIUS, MIN_RADIUS, TICKS_PER_SECOND } from "./state";

interface Place {
  x: number;
  y: number;
}

/** For so many ticks it shrinks. */
const SHRINKING = 60 * TICKS_PER_SECOND;

/** A goat that comes back looks for a place with so much room around it, in sub-units. */
const ROOM = 6 * GOAT_RADIUS;

/** Where a goat may come back: circles, in eighths of the mountaintop's radius, and where it would rather be comes first. */
const CIRCLES = [5, 3, 7];

/** How large the mountaintop is at a tick, in sub-units. */
export function radiusAt(tick: number): number {
  const shrunk = (MAX_RADIUS - MIN_RADIUS) * Math.min(tick, SHRINKING);
  return MAX_RADIUS - quotient(shrunk, SHRINKING);
}

/** Where the goat of each seat begins: all in a circle. The seed says who gets which place. */
export function startingPlaces(seed: number, seats: number): Place[] {
  const turn = mix(seed, 0) % DIRECTIONS;
  const places = Array.from({ length: seats }, (_, place) => {
    const direction = turned(turn, quotient(place * DIRECTIONS, seats));
    return onCircle(quotient(MAX_RADIUS * 5, 8), direction);
  });
  for (let last = seats - 1; last > 0; last--) {
    const other = mix(seed, last) % (last + 1);
    const [one, two] = [places[last], places[other]];
    if (one && two) [places[last], places[other]] = [two, one];
  }
  return places;
}

/** Where a goat comes back that fell at `x`, `y`: on the side on which it fell, if there is room. */
export function freePlace(radius: number, goats: readonly Goat[], x: number, y: number): Place {
  const side = towards(x, y);
  let best = { x: 0, y: 0, room: -1 };
  for (const circle of CIRCLES) {
    for (let number = 0; number < DIRECTIONS; number++) {
      // To the right and to the left in turn, ever farther from that side.
      const steps = number % 2 === 0 ? -number / 2 : (number + 1) / 2;
      const place = onCircle(quotient(radius * circle, 8), turned(side, steps));
      const room = Math.min(ROOM * ROOM, roomAt(goats, place));
      if (room > best.room) best = { ...place, room };
    }
  }
  return { x: best.x, y: best.y };
}

/** The square of the distance from the nearest goat. */
function roomAt(goats: readonly Goat[], { x, y }: Place): number {
  let room = Number.POSITIVE_INFINITY;
  for (const goat of goats) {
    if (goat.standing !== "up") continue;
    room = Math.min(room, (goat.x - x) ** 2 + (goat.y - y) ** 2);
  }
  return room;
}

function onCircle(radius: number, direction: number): Place {
  return {
    x: quotient(eastward(direction) * radius, ONE),
    y: quotient(southward(direction) * radius, ONE),
  };
}
