import { expect, test } from "vitest";
import { PageClock } from "./clock";

const TICK_MS = 50;

/** Lets a second pass for a page that is so far from its server, and gives how far ahead of it the page is at the end. In ticks. */
function pass(clock: PageClock, from: number, ms: number, delayMs: number): number {
  let ahead = 0;
  for (let time = from; time < from + ms; time++) {
    if ((time - delayMs) % TICK_MS === 0) clock.heard((time - delayMs) / TICK_MS, time);
    ahead = clock.tickAt(time) - time / TICK_MS;
  }
  return ahead;
}

test("inputs leave so early that they come in time", () => {
  for (const delayMs of [0, 20, 50, 150]) {
    const ahead = pass(new PageClock(TICK_MS, 2 * delayMs), 0, 3000, delayMs) * TICK_MS;
    expect(ahead).toBeGreaterThan(delayMs);
    expect(ahead).toBeLessThan(delayMs + 30);
  }
});

test("when inputs come late, the page hurries, and its ticks never jump", () => {
  const clock = new PageClock(TICK_MS, 0);
  pass(clock, 0, 2000, 0);
  let [before, late] = [clock.tickAt(2000), 0];
  for (let time = 2001; time < 6000; time++) {
    if (time % TICK_MS === 0) clock.heard(time / TICK_MS, time);
    const tick = clock.tickAt(time);
    const step = (tick - before) * TICK_MS;
    expect(step).toBeGreaterThan(0.89);
    expect(step).toBeLessThan(1.11);
    if (Math.floor(tick) > Math.floor(before)) {
      clock.sent(Math.floor(tick), time);
      // From now on everything takes 80 ms to the server.
      const playedAt = Math.max(Math.floor(tick), Math.ceil((time + 80) / TICK_MS));
      if (time > 5000 && playedAt > tick) late += 1;
      clock.played(Math.floor(tick), playedAt);
    }
    before = tick;
  }
  expect(late).toBe(0);
  expect(clock.aheadMs).toBeLessThan(130);
});

test("after a gap of more than half a second the page is at once where it should be", () => {
  const clock = new PageClock(TICK_MS, 100);
  pass(clock, 0, 2000, 50);
  const ahead = pass(clock, 7000, 300, 50);
  expect(ahead * TICK_MS).toBeGreaterThan(50);
  expect(ahead * TICK_MS).toBeLessThan(90);
});

test("a page is never much farther ahead than a ping takes", () => {
  const clock = new PageClock(TICK_MS, 800);
  for (let n = 0; n < 10; n++) clock.pinged(40);
  expect(clock.aheadMs).toBeLessThanOrEqual(100);
});
