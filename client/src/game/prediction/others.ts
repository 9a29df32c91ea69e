/**
 * What the players of the other goats seem to hold. Nobody tells this page, but it sees what became of it, and it knows the rules: so it finds
 * the input that leads from one snapshot to the next.
 */

import { obey } from "../rules/goat";
import type { Goat, Input, State } from "../rules/state";
import { NEUTRAL } from "../wire";

export class Others {
  #held: Input[] = [];

  /** Looks at two states of one match, of which the second came later. */
  learn(before: State, after: State): void {
    const ticks = after.tick - before.tick;
    this.#held = after.goats.map((goat, seat) => {
      const was = before.goats[seat];
      const held = this.of(seat);
      return was === undefined ? held : heldBetween(was, goat, held, ticks);
    });
  }

  /** What the player of this seat is likely to do next: what was done last. */
  of(seat: number): Input {
    return this.#held[seat] ?? NEUTRAL;
  }

  forget(): void {
    this.#held = [];
  }
}

/** `held`: what was held before, which is still the likeliest where nothing can be seen. */
function heldBetween(was: Goat, is: Goat, held: Input, ticks: number): Input {
  // One that lies or climbs, and one that lunges, does not show what its player does.
  if (was.standing !== "up" || is.standing !== "up" || was.fainted > 0 || is.fainted > 0) {
    return held;
  }
  const hold = is.charge > 0;
  const candidates: Input[] = [
    { direction: held.direction, hold },
    { direction: is.facing, hold },
    { direction: null, hold },
  ];
  const found = candidates.find((input) => leads(was, is, input, ticks));
  if (found) return found;
  if (is.lunge > 0) return { direction: held.direction, hold };
  // It has touched somebody, so its speed says nothing. But whoever turns walks.
  const walks = is.facing !== was.facing || held.direction !== null;
  return { direction: walks ? is.facing : null, hold };
}

/** Whether this input alone makes one goat of the other. Where it is does not matter: that follows from its speed. */
function leads(was: Goat, is: Goat, input: Input, ticks: number): boolean {
  const goat = { ...was };
  for (let tick = 0; tick < ticks; tick++) obey(goat, input);
  return (
    goat.vx === is.vx &&
    goat.vy === is.vy &&
    goat.facing === is.facing &&
    goat.charge === is.charge &&
    goat.lunge === is.lunge
  );
}
