/** How the next state of a match comes of one and of what its players do. It is what `crates/game` does, to the last bit. */

import { resolve } from "./contacts";
import { advance, comeBack, fall, newGoat, obey } from "./goat";
import { freePlace, radiusAt, startingPlaces } from "./mountain";
import { type Input, MAX_SEATS, MAX_TICKS, MIN_SEATS, type Outcome, type State } from "./state";

/** A tick is played in so many parts, so that no goat runs through another one. */
const PARTS = 4;

/** What a seat does for which there is no input. */
const NOTHING: Input = { direction: null, hold: false };

/** A match begins. `seed`, from 0 to 2^32 - 1, says who begins where; seats are 2 to 8. */
export function newState(seed: number, seats: number): State {
  const places = startingPlaces(seed, Math.max(MIN_SEATS, Math.min(MAX_SEATS, seats)));
  return { tick: 0, radius: radiusAt(0), goats: places.map(({ x, y }) => newGoat(x, y)) };
}

/** Plays one tick: `state` becomes the next. A match that is over stays as it is. */
export function step(state: State, inputs: readonly Input[]): void {
  if (outcome(state) !== "playing") return;
  state.tick++;
  state.radius = radiusAt(state.tick);
  state.goats.forEach((goat, seat) => {
    obey(goat, inputs[seat] ?? NOTHING);
  });
  for (let part = 0; part < PARTS; part++) {
    for (const goat of state.goats) advance(goat, PARTS);
    resolve(state.goats);
  }
  climb(state);
  for (const goat of state.goats) {
    const isOver = goat.x ** 2 + goat.y ** 2 > state.radius ** 2;
    if (goat.standing === "up" && isOver) fall(goat);
  }
}

/** How a match stands. */
export function outcome({ tick, goats }: State): Outcome {
  const lives = goats.map((goat) => goat.lives);
  const inPlay = lives.filter((lives) => lives > 0);
  if (inPlay.length > 1 && tick < MAX_TICKS) return "playing";
  const most = Math.max(0, ...lives);
  const leaders = lives.filter((lives) => lives === most);
  return most > 0 && leaders.length === 1 ? { won: lives.indexOf(most) } : "drawn";
}

/** Whoever has climbed long enough is back. */
function climb({ tick, radius, goats }: State): void {
  // Two may be back in the same tick, and the second has to take what is left. It is not always the same one.
  for (let turn = 0; turn < goats.length; turn++) {
    const goat = goats[(tick + turn) % goats.length];
    if (goat?.standing !== "climbing") continue;
    if (goat.ticksLeft > 1) {
      goat.ticksLeft--;
    } else {
      const { x, y } = freePlace(radius, goats, goat.x, goat.y);
      comeBack(goat, x, y);
    }
  }
}
