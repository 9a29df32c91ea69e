/** How long to wait before the next try. The chance in it keeps a crowd from coming back as one. */

/** The replica restarts, and all others are well: any of them will do, almost at once. */
// const RESTARTS = [1012]; // lesson 6 only
const RESTARTS = [1012, 4003]; // lesson 7
/** The replica found fault with what this page sent: trying at once would only repeat it. */
const FAULTS = [1008, 1009];
const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * The wait in milliseconds. `failures`: tries in a row that led to nothing. `code`: why the last
 * connection was closed. `chance`: from 0 up to 1.
 */
export function delay(failures: number, code: number, chance: number): number {
  if (RESTARTS.includes(code) && failures === 0) return 100 + 400 * chance;
  const steps = FAULTS.includes(code) ? Math.max(failures, 3) : failures;
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** steps);
  return ceiling / 2 + (ceiling / 2) * chance;
}
