/** Directions are numbers that go around in a circle. */

import { expect, test } from "vitest";
import { DIRECTIONS, eastward, southward, towards, turned } from "./directions";

test("a vector has the direction that is nearest to it", () => {
  for (let direction = 0; direction < DIRECTIONS; direction++) {
    const [x, y] = [eastward(direction), southward(direction)];
    expect(Math.abs(Math.hypot(x, y) - 1024)).toBeLessThan(1);
    for (const off of [0, 4, -4]) {
      expect(towards(x * 50 - y * off, y * 50 + x * off)).toBe(direction);
    }
  }
  expect(towards(0, 0)).toBe(0);
});

test("directions go clockwise on a screen, and after the last comes the first", () => {
  expect([0, 8, 16, 24].map(eastward)).toEqual([1024, 0, -1024, 0]);
  expect([0, 8, 16, 24].map(southward)).toEqual([0, 1024, 0, -1024]);
  expect(turned(31, 2)).toBe(1);
  expect(turned(1, -2)).toBe(31);
  expect(turned(1, -66)).toBe(31);
  expect(turned(1, -33)).toBe(0);
});
