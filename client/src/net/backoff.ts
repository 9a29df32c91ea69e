/** How long to wait before the next try. The chance in it keeps a crowd from coming back as one. */

import { CLOSE_CODES } from "./close-codes";

const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * The wait in milliseconds. `failures`: tries in a row that led to nothing. `code`: why the last
 * connection was closed. `chance`: from 0 up to 1.
 */
export function delay(failures: number, code: number, chance: number): number {
  const retry = CLOSE_CODES[code]?.retry;
  if (retry === "at once" && failures === 0) return 100 + 400 * chance;
  const steps = retry === "late" ? Math.max(failures, 3) : failures;
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** steps);
  return ceiling / 2 + (ceiling / 2) * chance;
}
