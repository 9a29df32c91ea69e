import { expect, test } from "vitest";
import { delay } from "./backoff";

const LOST = 1006;

test("each failure doubles the wait, up to a limit", () => {
  const longest = [0, 1, 2, 3, 4, 5, 20].map((failures) => delay(failures, LOST, 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test("chance spreads a crowd over half of the wait", () => {
  expect(delay(2, LOST, 0)).toBe(1000);
  expect(delay(2, LOST, 0.5)).toBe(1500);
});

test("after a restart the first try comes almost at once", () => {
  expect(delay(0, 1012, 0)).toBe(100);
  expect(delay(0, 1012, 1)).toBe(500);
  expect(delay(3, 1012, 1)).toBe(4000);
});

test("whoever is at fault waits longer", () => {
  expect(delay(0, 1008, 1)).toBe(4000);
  expect(delay(0, 1009, 1)).toBe(4000);
});
