import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Lag, LaggedLine, noLag } from "./lag";

let lag: Lag;
let arrived: [value: string, at: number][] = [];
let chance = 0.5;
let line: LaggedLine<string>;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  lag = noLag();
  arrived = [];
  chance = 0.5;
  line = open();
});

function open(): LaggedLine<string> {
  return new LaggedLine(
    lag,
    (value) => arrived.push([value, Date.now()]),
    Date.now,
    () => chance,
  );
}

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

test("with jitter things come sooner or later than usual, and never in another order", () => {
  lag.delayMs = 100;
  lag.jitterMs = 60;
  chance = 1;
  line.push("late", false);
  vi.advanceTimersByTime(50);
  chance = 0;
  line.push("early", false);
  vi.advanceTimersByTime(50);
  line.push("as early", false);
  vi.advanceTimersByTime(200);
  expect(arrived).toEqual([
    ["late", 160],
    ["early", 160],
    ["as early", 160],
  ]);
});

test.each([
  [500, 250],
  [2000, 1000],
  [15_000, 1100],
])(
  "a cut of %i ms: an old line is back %i ms later with all at once, and a new one at once",
  (cutMs, laterMs) => {
    line.push("before", true);
    vi.advanceTimersByTime(10);
    lag.cut = { from: 10, until: 10 + cutMs };
    vi.advanceTimersByTime(90);
    line.push("first", true);
    const other = open();
    other.push("on a new line", true);
    vi.advanceTimersByTime(100);
    line.push("second", true);
    vi.advanceTimersByTime(cutMs + laterMs);
    line.push("after", true);
    const back = 10 + cutMs + laterMs;
    expect(arrived).toEqual([
      ["before", 0],
      ["on a new line", 10 + cutMs],
      ["first", back],
      ["second", back],
      ["after", 190 + back],
    ]);
  },
);

test("what is on its way when the network is cut waits, too, and what is sent after the cut waits behind it", () => {
  lag.delayMs = 100;
  line.push("on its way", true);
  lag.cut = { from: 50, until: 1050 };
  vi.advanceTimersByTime(1100);
  line.push("behind", true);
  expect(arrived).toEqual([]);
  vi.advanceTimersByTime(450);
  expect(arrived).toEqual([
    ["on its way", 1550],
    ["behind", 1550],
  ]);
});
