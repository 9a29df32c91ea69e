/** How long somebody waits, for people. */

/** `4 s`; empty for the first second, in which most are there already. Both in milliseconds. */
export function secondsSince(since: number, time: number): string {
  const seconds = Math.floor((time - since) / 1000);
  return seconds < 1 ? "" : `${seconds} s`;
}
