import { beforeEach, expect, test } from "vitest";
import { InputSender } from "./input-sender";
import { type Input, NEUTRAL } from "./wire";

const HELD = { direction: null, hold: true };
const EAST = { direction: 0, hold: false };
const TICK_MS = 50;

let sent: ({ tick: number } & Input)[] = [];
let sender: InputSender;
let tick = 100;

beforeEach(() => {
  sent = [];
  sender = new InputSender((input, tick) => sent.push({ tick, ...input }));
});

/** So many ticks pass. */
function pass(ticks: number): void {
  for (let n = 0; n < ticks; n++) sender.turn(++tick, tick * TICK_MS);
}

test("a press and its release are played in two ticks, however short it was", () => {
  sender.start();
  pass(20);
  sent = [];
  sender.change(HELD);
  sender.change(NEUTRAL);
  pass(3);
  expect(sent).toEqual([
    { tick: tick - 2, ...HELD },
    { tick: tick - 1, ...NEUTRAL },
  ]);
});

test("of many turns in a tick only the last one is said", () => {
  sender.start();
  pass(1);
  sent = [];
  for (let direction = 0; direction < 32; direction++) sender.change({ direction, hold: false });
  pass(3);
  expect(sent).toEqual([{ tick: tick - 2, direction: 31, hold: false }]);
});

test("there is at most one input for each tick, and few wait", () => {
  sender.start();
  for (let n = 0; n < 100; n++) {
    for (const input of [HELD, NEUTRAL, HELD, NEUTRAL]) sender.change(input);
    pass(1);
  }
  const ticks = sent.map(({ tick }) => tick);
  expect(new Set(ticks).size).toBe(ticks.length);
  sent = [];
  pass(20);
  expect(sent.findLastIndex(({ hold }) => hold)).toBeLessThan(6);
  expect(sent.at(-1)).toMatchObject(NEUTRAL);
});

test("without a change there is a sign of life at least every 250 ms", () => {
  sender.start();
  pass(100);
  const gaps = sent.slice(1).map(({ tick }, n) => tick - (sent[n]?.tick ?? 0));
  expect(Math.max(...gaps) * TICK_MS).toBeLessThanOrEqual(250);
  expect(sent.length).toBeLessThanOrEqual(20);
});

test("what holds is said once more to a server that may have forgotten it", () => {
  sender.start();
  sender.change(EAST);
  pass(2);
  sent = [];
  sender.again();
  pass(1);
  expect(sent).toEqual([{ tick, ...EAST }]);
});

test("where nobody looks, letting go of everything is said without waiting for a tick", () => {
  sender.start();
  pass(1);
  sent = [];
  sender.change(HELD);
  sender.change(NEUTRAL);
  sender.flush(tick, tick * TICK_MS);
  expect(sent).toEqual([{ tick: tick + 1, ...NEUTRAL }]);
});

test("a page whose clock was put back still uses numbers that rise", () => {
  sender.start();
  pass(1);
  const last = tick;
  tick -= 12;
  sender.change(EAST);
  pass(1);
  expect(sent.at(-1)).toEqual({ tick: last + 1, ...EAST });
});

test("nothing is said before there is a goat, and what was held by then counts", () => {
  sender.change(EAST);
  pass(5);
  expect(sent).toEqual([]);
  sender.start();
  pass(1);
  expect(sent).toEqual([{ tick, ...EAST }]);
  sender.stop();
  pass(20);
  expect(sent.length).toBe(1);
});

test("to another server the page says anew what holds, though ticks come again", () => {
  sender.start();
  sender.change(EAST);
  pass(1);
  tick -= 12;
  sender.anew();
  pass(1);
  expect(sent.at(-1)).toEqual({ tick, ...EAST });
});
