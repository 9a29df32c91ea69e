/** What the picture shows as long as nobody plays. */

import { MAX_RADIUS, standingGoat, type World } from "./world";

/** From where each goat looks where to. */
const POSES: readonly [x: number, y: number, facing: number][] = [
  [-92, 60, -0.35],
  [60, 34, 2.6],
  [-210, -40, 0.5],
  [196, -96, 2.2],
  [6, -176, 1.2],
  [214, 108, 3.4],
  [-150, -190, 0.9],
  [-60, 196, -1.0],
];

export const TITLE: World = {
  match: -2,
  tick: 0,
  radius: MAX_RADIUS,
  goats: POSES.map(([x, y, facing], seat) => {
    const goat = standingGoat(x, y, facing);
    if (seat === 0) return { ...goat, charge: 1 };
    if (seat === 1) return { ...goat, fainted: true };
    return seat === 2 ? { ...goat, vx: 6, vy: 3 } : goat;
  }),
};
