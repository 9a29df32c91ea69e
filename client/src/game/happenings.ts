/** What happened between two states of a match that were shown one after the other. */

import type { World } from "./world";

export type Happening =
  /** A goat lunges; `force` from 0 to 1. */
  | { kind: "lunge"; seat: number; force: number }
  /** A goat was hit by that of seat `by`, if that can be told. */
  | { kind: "hit"; seat: number; by: number | null }
  /** A goat fell off the mountain, and has so many lives left: with none, it is out. */
  | { kind: "fell"; seat: number; lives: number }
  /** A goat is back. */
  | { kind: "back"; seat: number };

/** In so many ticks nobody is hit twice, nor lunges: that it looks so comes of something that was foreseen, and came a little later. */
const AGAIN_TICKS = 6;

/** What happens, from one look to the next. */
export class Happenings {
  #last: World | null = null;
  #ticks = new Map<string, number>();

  /** What has happened since the last time. */
  until(world: World): Happening[] {
    const found = happenings(this.#last, world);
    if (this.#last?.match !== world.match) this.#ticks.clear();
    this.#last = world;
    return found.filter(({ kind, seat }) => {
      if (kind !== "hit" && kind !== "lunge") return true;
      const key = `${kind} ${seat}`;
      const before = this.#ticks.get(key) ?? Number.NEGATIVE_INFINITY;
      if (world.tick - before < AGAIN_TICKS) return false;
      this.#ticks.set(key, world.tick);
      return true;
    });
  }

  forget(): void {
    this.#last = null;
    this.#ticks.clear();
  }
}

/** In the order of the seats. Nothing, if the two are not of one match. */
export function happenings(before: World | null, after: World): Happening[] {
  if (before === null || before.match !== after.match || after.tick < before.tick) return [];
  return after.goats.flatMap((_, seat) => ofSeat(before, after, seat));
}

function ofSeat(before: World, after: World, seat: number): Happening[] {
  const [was, is] = [before.goats[seat], after.goats[seat]];
  if (!was || !is) return [];
  const found: Happening[] = [];
  if (is.lunge > 0 && was.lunge === 0) found.push({ kind: "lunge", seat, force: is.lunge });
  if (is.fainted && !was.fainted)
    found.push({ kind: "hit", seat, by: nearestLunge(before, after, seat) });
  if (is.standing !== "up" && is.lives < was.lives) {
    found.push({ kind: "fell", seat, lives: is.lives });
  }
  if (is.standing === "up" && was.standing === "climbing") found.push({ kind: "back", seat });
  return found;
}

/** Who lunged, and was near enough. */
function nearestLunge(before: World, after: World, seat: number): number | null {
  const hit = before.goats[seat];
  if (!hit) return null;
  let [nearest, least]: [number | null, number] = [null, 120];
  for (const [other, goat] of before.goats.entries()) {
    const lunges = goat.lunge > 0 || (after.goats[other]?.lunge ?? 0) > 0;
    const distance = Math.hypot(goat.x - hit.x, goat.y - hit.y);
    if (other !== seat && lunges && distance < least) [nearest, least] = [other, distance];
  }
  return nearest;
}
