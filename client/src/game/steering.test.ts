import { expect, test } from "vitest";
import { combined, directionOfStick, inputOfKeys, isGameKey } from "./steering";
import { NEUTRAL } from "./wire";

const keys = (...codes: string[]) => inputOfKeys(new Set(codes));

test("arrows and W A S D steer alike, by where the keys are and not by what is on them", () => {
  expect(keys("ArrowRight").direction).toBe(0);
  expect(keys("ArrowDown").direction).toBe(8);
  expect(keys("KeyA").direction).toBe(16);
  expect(keys("KeyW").direction).toBe(24);
  expect(keys("KeyW", "KeyD").direction).toBe(28);
  expect(keys("ArrowDown", "KeyA").direction).toBe(12);
  expect(isGameKey("KeyZ")).toBe(false);
});

test("opposite keys cancel each other, and two that mean the same are as one", () => {
  expect(keys("KeyA", "KeyD")).toEqual(NEUTRAL);
  expect(keys("ArrowLeft", "KeyD", "KeyS").direction).toBe(8);
  expect(keys("ArrowUp", "KeyW").direction).toBe(24);
});

test("Space charges, whatever else is held", () => {
  expect(keys("Space")).toEqual({ direction: null, hold: true });
  expect(keys("Space", "KeyS")).toEqual({ direction: 8, hold: true });
});

test("a stick knows all 32 directions, and points nowhere in its middle", () => {
  for (let direction = 0; direction < 32; direction++) {
    const angle = (direction / 32) * 2 * Math.PI;
    expect(directionOfStick(Math.cos(angle), Math.sin(angle))).toBe(direction);
    expect(directionOfStick(Math.cos(angle) / 5, Math.sin(angle) / 5)).toBeNull();
  }
  // Just above the west, where an angle jumps.
  expect(directionOfStick(-1, -0.01)).toBe(16);
  expect(directionOfStick(1, -0.01)).toBe(0);
});

test("a finger and the keyboard can be used at once", () => {
  const stick = { direction: 3, hold: false };
  expect(combined([stick, keys("Space", "KeyW")])).toEqual({ direction: 3, hold: true });
  expect(combined([NEUTRAL, keys("KeyW")])).toEqual({ direction: 24, hold: false });
});
