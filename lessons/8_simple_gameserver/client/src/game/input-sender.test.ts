import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InputSender } from "./input-sender";
import { NEUTRAL } from "./wire";

const HELD = { direction: null, hold: true };
const EAST = { direction: 0, hold: false };

let sent: { at: number; direction: number; hold: boolean; sequence: number; seen: number }[] = [];
let sender: InputSender;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  sent = [];
  sender = new InputSender((frame) => {
    const view = new DataView(frame.buffer);
    const [sequence, seen] = [view.getUint16(4, true), view.getUint16(6, true)];
    sent.push({
      at: Date.now(),
      direction: view.getUint8(1),
      hold: view.getUint8(2) === 1,
      sequence,
      seen,
    });
  }, Date.now);
});

afterEach(() => {
  sender.stop();
  vi.useRealTimers();
});

test("a press and its release are both said, however short it was, at every phase of a tick", () => {
  sender.start(20);
  for (let phase = 0; phase < 100; phase++) {
    vi.advanceTimersByTime(1000 + phase / 2);
    sent = [];
    sender.change(HELD);
    vi.advanceTimersByTime(5);
    sender.change(NEUTRAL);
    vi.advanceTimersByTime(100);
    expect(sent.slice(0, 2).map(({ hold }) => hold)).toEqual([true, false]);
  }
});

test("a turn is said at once, and then not more often than a server takes turns", () => {
  sender.start(20);
  vi.advanceTimersByTime(1000);
  sent = [];
  for (let direction = 0; direction < 32; direction++) {
    sender.change({ direction, hold: false });
    vi.advanceTimersByTime(4);
  }
  vi.advanceTimersByTime(60);
  expect(sent[0]).toMatchObject({ direction: 0 });
  expect(sent.length).toBeLessThanOrEqual(5);
  expect(sent.at(-1)).toMatchObject({ direction: 31 });
});

test("letting go of everything is said without delay", () => {
  sender.start(20);
  vi.advanceTimersByTime(1000);
  sender.change(EAST);
  vi.advanceTimersByTime(2);
  sender.change(NEUTRAL);
  expect(sent.at(-1)).toMatchObject({ at: 1002, direction: 255, hold: false });
});

test("without a change there is a sign of life at least every 250 ms", () => {
  sender.start(20);
  vi.advanceTimersByTime(5000);
  const gaps = sent.slice(1).map(({ at }, n) => at - (sent[n]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(250);
  expect(sent.length).toBeLessThan(25);
});

test("in a page that nobody sees, where timers wait, snapshots keep the sign of life going", () => {
  sender.start(20);
  sent = [];
  for (let tick = 1; tick <= 20; tick++) {
    // The clock goes on, and no timer does.
    vi.setSystemTime(Date.now() + 50);
    sender.seen(tick);
  }
  expect(sent.map(({ seen }) => seen)).toEqual([5, 10, 15, 20]);
});

test("numbers go on behind 65,535 with 0, and what was seen behind tick 65,535 too", () => {
  sender.start(20);
  for (let n = 0; n < 65_533; n++) sender.change(n % 2 === 0 ? HELD : NEUTRAL);
  sent = [];
  sender.seen(65_537);
  for (const input of [NEUTRAL, HELD, NEUTRAL]) sender.change(input);
  expect(sent.map(({ sequence }) => sequence)).toEqual([65_535, 0, 1]);
  expect(sent.every(({ seen }) => seen === 1)).toBe(true);
});

test("nothing is said before there is a goat, and what was held by then counts", () => {
  sender.change(EAST);
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([]);
  sender.start(20);
  expect(sent).toEqual([expect.objectContaining({ direction: 0, sequence: 1 })]);
  sender.stop();
  vi.advanceTimersByTime(1000);
  expect(sent.length).toBe(1);
});
