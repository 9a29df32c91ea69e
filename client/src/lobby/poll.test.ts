import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Poll } from "./poll";

let poll: Poll;
let asked = 0;
let answer: (() => void) | null = null;

beforeEach(() => {
  vi.useFakeTimers();
  [asked, answer] = [0, null];
});

afterEach(() => {
  poll.stop();
  vi.useRealTimers();
});

test("whoever asks while an answer is on its way gets another one, and not that", async () => {
  const ask = () => {
    asked += 1;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  poll = new Poll(
    ask,
    () => true,
    () => false,
  );
  void poll.now();
  void poll.now();
  void poll.now();
  expect(asked).toBe(1);
  answer?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toBe(2);
  answer?.();
  await vi.advanceTimersByTimeAsync(400);
  expect(asked).toBe(2);
});

test("it does not keep in step with what asks every second", async () => {
  const at: number[] = [];
  poll = new Poll(
    async () => void at.push(Date.now()),
    () => true,
    () => false,
  );
  void poll.now();
  await vi.advanceTimersByTimeAsync(60_000);
  const perSecond = new Map<number, number>();
  for (const time of at) {
    const second = Math.floor(time / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect(at.length).toBeGreaterThan(40);
  expect(at.length).toBeLessThan(90);
  expect(perSecond.size).toBeLessThan(at.length);
});
