/** The patterns of the coats, one for each seat, so that goats can be told apart without their colours. */

import { type Point, TRUNK } from "./body";

/** A part of the trunk's surface that has another colour, as an outline. */
export type Patch = Point[];

/** The patches of the pattern of each seat. */
export function pattern(seat: number): readonly Patch[] {
  return PATTERNS[seat % PATTERNS.length] ?? [];
}

/** Half of a turn around the trunk. */
const HALF = Math.PI;

const [BACK, FRONT] = [TRUNK.from[0], TRUNK.to[0]];

const PATTERNS: readonly Patch[][] = [
  [],
  [...band(-0.36, 0.1)],
  [
    spot(0.2, 0.5, 0.15),
    spot(0.16, -0.6, 0.16),
    spot(-0.14, 0.02, 0.16),
    spot(-0.3, 0.95, 0.15),
    spot(-0.34, -0.9, 0.15),
    spot(-0.6, 0.25, 0.17),
    spot(-0.78, -0.5, 0.13),
    spot(-0.05, -1.3, 0.12),
    spot(0.02, 1.25, 0.12),
  ],
  [...band(-0.82, -0.66), ...band(-0.4, -0.22), ...band(0.04, 0.22)],
  [...band(-0.12, 0.9)],
  [spot(-0.2, 0, 0.36)],
  [along(0, 0.22), along(1.05, 0.2), along(-1.05, 0.2)],
  [...zigzag()],
];

/** A point on the trunk: so far forward, and so far around it from its back, in radians. */
function on(forward: number, around: number): Point {
  const up = TRUNK.from[2] + ((forward - BACK) / (FRONT - BACK)) * (TRUNK.to[2] - TRUNK.from[2]);
  return [forward, Math.sin(around) * TRUNK.thick, up + Math.cos(around) * TRUNK.thick];
}

/** Around the trunk, in narrow pieces: of those, the ones on the other side are left out. */
function* band(from: number, to: number): Generator<Patch> {
  const pieces = 16;
  for (let n = 0; n < pieces; n++) {
    // A little more than a piece, so that no gap is seen between two.
    const [start, end] = [(n / pieces) * 2 * HALF, ((n + 1.15) / pieces) * 2 * HALF];
    yield [on(from, start), on(to, start), on(to, end), on(from, end)];
  }
}

function spot(forward: number, around: number, radius: number): Patch {
  return Array.from({ length: 10 }, (_, n) => {
    const angle = (n / 10) * 2 * Math.PI;
    const wide = (Math.sin(angle) * radius) / TRUNK.thick;
    return on(forward + Math.cos(angle) * radius, around + wide);
  });
}

/** From one end to the other. */
function along(around: number, wide: number): Patch {
  const [from, to] = [BACK - 0.5, FRONT + 0.5];
  return [
    on(from, around - wide),
    on(to, around - wide),
    on(to, around + wide),
    on(from, around + wide),
  ];
}

/** From one end to the other, to and fro. */
function* zigzag(): Generator<Patch> {
  const count = 6;
  const at = (n: number): [number, number] => [-1.05 + n * 0.32, n % 2 === 0 ? -0.75 : 0.75];
  for (let n = 0; n < count; n++) {
    const [[from, start], [to, end]] = [at(n), at(n + 1)];
    yield [on(from - 0.09, start), on(from + 0.09, start), on(to + 0.09, end), on(to - 0.09, end)];
  }
}
