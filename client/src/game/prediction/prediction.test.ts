/** Whole matches over bad networks: what the page shows is what the server says later on. */

import { expect, test } from "vitest";
import { type Network, playMatch } from "./fake-match";

/** Matches of about a minute each, in which the own goat is on the mountain for half of the time. */
const MATCHES = 8;

function play(network: Network) {
  const played = Array.from({ length: MATCHES }, (_, n) => playMatch(n + 1, network));
  const ticks = played.reduce((sum, match) => sum + match.ticks, 0);
  const share = (way: "withPrediction" | "without") =>
    played.reduce((sum, match) => sum + match.shares[way] * match.ticks, 0) / ticks;
  const inputs = played.reduce((sum, match) => sum + match.inputs, 0);
  const late = played.reduce((sum, match) => sum + match.late, 0) / inputs;
  const farthestJump = Math.max(...played.map((match) => match.farthestJump));
  return { ticks, farthestJump, late, with: share("withPrediction"), without: share("without") };
}

test.each([
  ["50 ms each way", { delayMs: 50, jitterMs: 0, busyMs: 5 }, 0.06],
  ["50 ms each way, and up to 60 more or less", { delayMs: 50, jitterMs: 60, busyMs: 5 }, 0.06],
  ["50 ms each way to a busy page", { delayMs: 50, jitterMs: 0, busyMs: 60 }, 0.06],
  ["100 ms each way", { delayMs: 100, jitterMs: 0, busyMs: 5 }, 0.1],
])(
  "%s: the own goat is off by more than a pixel in few ticks, and never jumps",
  (_, network, most) => {
    const played = play(network);
    expect(played.ticks).toBeGreaterThan(4000);
    expect(played.with).toBeLessThanOrEqual(most);
    expect(played.without).toBeGreaterThan(0.95);
    expect(played.farthestJump).toBeLessThan(8);
    expect(played.late).toBeLessThan(0.03);
  },
  60_000,
);

test("next to the server nothing is foreseen, and nothing is wrong", () => {
  const played = play({ delayMs: 0, jitterMs: 0, busyMs: 5 });
  expect(played.with).toBeLessThan(0.005);
  expect(played.late).toBeLessThan(0.01);
}, 60_000);
