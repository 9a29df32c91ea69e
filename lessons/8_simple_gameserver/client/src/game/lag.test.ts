import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Lag, LaggedLine } from "./lag";

let lag: Lag;
let arrived: [value: string, at: number][] = [];
let chance = 0.5;
let line: LaggedLine<string>;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  lag = { delayMs: 0, dropShare: 0 };
  arrived = [];
  chance = 0.5;
  line = new LaggedLine(
    lag,
    (value) => arrived.push([value, Date.now()]),
    Date.now,
    () => chance,
  );
});

afterEach(() => {
  vi.useRealTimers();
});

test("without a delay everything arrives at once", () => {
  line.push("a", true);
  expect(arrived).toEqual([["a", 0]]);
});

test("with a delay everything comes later, and in order", () => {
  lag.delayMs = 200;
  line.push("a", true);
  vi.advanceTimersByTime(50);
  line.push("b", false);
  vi.advanceTimersByTime(400);
  expect(arrived).toEqual([
    ["a", 200],
    ["b", 250],
  ]);
});

test("what was sent with less delay does not overtake what was sent before", () => {
  lag.delayMs = 400;
  line.push("a", false);
  lag.delayMs = 0;
  line.push("b", false);
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(400);
  expect(arrived.map(([value]) => value)).toEqual(["a", "b"]);
});

test("only what may be lost is lost, and that as often as was chosen", () => {
  lag.dropShare = 0.2;
  chance = 0.19;
  line.push("snapshot", true);
  line.push("result", false);
  chance = 0.2;
  line.push("next snapshot", true);
  expect(arrived.map(([value]) => value)).toEqual(["result", "next snapshot"]);
});

test("where timers wait, in a page that nobody sees, nothing heaps up", () => {
  lag.delayMs = 100;
  for (let n = 0; n < 1200; n++) {
    line.push(String(n), true);
    vi.setSystemTime(Date.now() + 50);
  }
  expect(arrived.length).toBeGreaterThanOrEqual(1197);
});

test("what is on its way can be forgotten", () => {
  lag.delayMs = 100;
  line.push("a", false);
  line.clear();
  vi.advanceTimersByTime(1000);
  expect(arrived).toEqual([]);
});
