/** Chance that is the same each time, so that a mountain does not change its shape from one picture to the next. */

/** A number from 0 up to 1 for each `n` and each `series`. */
export function noise(n: number, series: number): number {
  let bits = Math.imul(n ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(series + 1, 0xc2b2ae35);
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}
