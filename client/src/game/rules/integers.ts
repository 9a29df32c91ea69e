/** Whole numbers, as Rust has them. */

/** `number / by`, rounded towards zero, as Rust does it, and never a negative zero. It must be below 2^31. */
export function quotient(number: number, by: number): number {
  return (number / by) | 0;
}

/** A vector's length, rounded down. */
export function length(x: number, y: number): number {
  return Math.floor(Math.sqrt(x * x + y * y));
}

/**
 * Makes another number of `seed` and `salt`: each of the 2^32 is as likely, and nobody sees from one what comes of its
 * neighbour. (The finish is that of MurmurHash3.)
 */
export function mix(seed: number, salt: number): number {
  let number = seed ^ Math.imul(salt, 0x9e3779b9);
  number = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  number = Math.imul(number ^ (number >>> 13), 0xc2b2ae35);
  return (number ^ (number >>> 16)) >>> 0;
}
