import { expect, test } from "vitest";
import { NEUTRAL } from "../wire";
import { History } from "./history";

const to = (direction: number) => ({ direction, hold: false });
const HELD = { direction: null, hold: true };

test("each input is played in its tick, and goes on until the next", () => {
  const history = new History();
  history.record(10, to(1));
  history.record(12, to(2));
  const replay = history.replay(10);
  expect([11, 12, 13].map((tick) => replay.next(tick))).toEqual([to(1), to(2), to(2)]);
  history.record(14, to(3));
  expect(replay.next(14)).toEqual(to(3));
});

test("of what comes late only the newest direction counts, but each press and release", () => {
  const history = new History();
  history.record(10, to(1));
  for (const [n, input] of [to(2), to(3), HELD, NEUTRAL].entries()) history.record(11 + n, input);
  const replay = history.replay(10);
  expect([20, 21, 22].map((tick) => replay.next(tick))).toEqual([HELD, NEUTRAL, NEUTRAL]);
});

test("of what a server has played that this page knows nothing of, nothing goes on", () => {
  const history = new History();
  expect(history.replay(77).next(78)).toEqual(NEUTRAL);
  history.record(90, to(1));
  expect(history.replay(77).next(90)).toEqual(to(1));
  history.forget();
  expect(history.replay(90).next(91)).toEqual(NEUTRAL);
});
