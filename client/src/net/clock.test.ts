import { beforeEach, expect, test } from "vitest";
import { Clock } from "./clock";

let wall: number;
let steady: number;
let clock: Clock;

beforeEach(() => {
  [wall, steady] = [1_764_000_000_000, 5000];
  clock = new Clock(
    () => wall,
    () => steady,
  );
});

/** How much goes by for the clock while both of the browser's go on by so much. */
function elapsed(onWall: number, onSteady: number): number {
  const before = clock.now();
  wall += onWall;
  steady += onSteady;
  return clock.now() - before;
}

test("it begins with the time of the day, and goes on with it", () => {
  expect(clock.now()).toBe(1_764_000_000_000);
  expect(elapsed(1000, 1000)).toBe(1000);
});

test("a night asleep counts, and the next one too", () => {
  const night = 8 * 3_600_000;
  expect(elapsed(night, 10)).toBe(night);
  expect(elapsed(night, 10)).toBe(night);
});

test("a clock that is set makes nothing younger, neither back nor forward", () => {
  expect(elapsed(-3_600_000, 1000)).toBe(1000);
  // It was set back, and a sleep after that is seen all the same.
  expect(elapsed(600_000, 0)).toBe(600_000);
  expect(elapsed(3_600_000, 1000)).toBe(3_600_000);
  expect(elapsed(1000, 1000)).toBe(1000);
});

test("unevenness does not add up", () => {
  const before = clock.now();
  for (let n = 0; n < 1000; n++) elapsed(n % 2 === 0 ? 17 : 15, 16);
  expect(clock.now() - before).toBe(16_000);
});
