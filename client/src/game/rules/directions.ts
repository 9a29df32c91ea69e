/** The 32 directions in which a goat can look: numbers, of which 0 is east, and which go on clockwise on the screen. */

/** How many there are. */
export const DIRECTIONS = 32;

/** As long as a direction's vector is. */
export const ONE = 1024;

/** `ONE` times the cosine of each direction. No cosine is computed, because each machine may round it in its own way. */
// biome-ignore format: eight in a line are a quarter of the circle
const COSINES: readonly number[] = [
  1024, 1004, 946, 851, 724, 569, 392, 200,
  0, -200, -392, -569, -724, -851, -946, -1004,
  -1024, -1004, -946, -851, -724, -569, -392, -200,
  0, 200, 392, 569, 724, 851, 946, 1004,
];

/** How far a direction goes to the east: at most `ONE`. */
export function eastward(direction: number): number {
  return COSINES[turned(direction, 0)] ?? 0;
}

/** How far a direction goes to the south: y grows downwards on a screen. */
export function southward(direction: number): number {
  return COSINES[turned(direction, -DIRECTIONS / 4)] ?? 0;
}

/** The direction that is nearest to a vector; east for a vector without length. */
export function towards(x: number, y: number): number {
  const along = (direction: number) => x * eastward(direction) + y * southward(direction);
  let nearest = 0;
  // In ever smaller steps around the circle: ten products instead of thirty-two.
  for (const steps of [8, 8, 4, 2, 1]) {
    for (const direction of [turned(nearest, steps), turned(nearest, -steps)]) {
      if (along(direction) > along(nearest)) nearest = direction;
    }
  }
  return nearest;
}

/** The direction that is so many steps clockwise of another one, or counter-clockwise if they are negative. */
export function turned(direction: number, steps: number): number {
  return (((direction + steps) % DIRECTIONS) + DIRECTIONS) % DIRECTIONS;
}
