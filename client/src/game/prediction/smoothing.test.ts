import { expect, test } from "vitest";
import { Smoothing } from "./smoothing";

const HERE = { x: 0, y: 0 };

test("what was drawn in the wrong place is taken to the right one within a tenth of a second", () => {
  const smoothing = new Smoothing();
  smoothing.correct(0, 1000, { x: 10, y: 0 }, HERE);
  expect(smoothing.at(0, 1000)).toEqual({ x: 10, y: 0 });
  expect(smoothing.at(0, 1050).x).toBeLessThan(5);
  expect(smoothing.at(0, 1100).x).toBe(0);
  expect(smoothing.at(1, 1000)).toEqual(HERE);
});

test("nothing that is put right moves by more than 8 pixels from one picture to the next", () => {
  for (let far = 1; far < 80; far++) {
    const smoothing = new Smoothing();
    smoothing.correct(0, 0, { x: far, y: 0 }, HERE);
    for (let time = 0; time < 500; time += 17) {
      const step = smoothing.at(0, time).x - smoothing.at(0, time + 17).x;
      expect(step).toBeLessThan(8);
    }
  }
});

test("what is very far off, and what really jumps, is where it belongs at once", () => {
  const smoothing = new Smoothing();
  smoothing.correct(0, 0, { x: 81, y: 0 }, HERE);
  expect(smoothing.at(0, 0)).toEqual(HERE);
  smoothing.correct(0, 0, { x: 8, y: 0 }, HERE);
  smoothing.jump(0);
  expect(smoothing.at(0, 0)).toEqual(HERE);
});
