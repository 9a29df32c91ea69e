import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Silence } from "./silence";

let silences: number[] = [];
let silence: Silence;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  silences = [];
  silence = new Silence(() => silences.push(Date.now()), Date.now);
});

afterEach(() => {
  silence.stop();
  vi.useRealTimers();
});

test("it is silent after the last word, and not before", () => {
  silence.expect(500);
  vi.advanceTimersByTime(400);
  silence.expect(500);
  vi.advanceTimersByTime(499);
  expect(silences).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(silences).toEqual([900]);
});

test("a page that stood still reads what came meanwhile, before it believes in silence", () => {
  for (const word of [true, false]) {
    silences = [];
    silence.expect(500);
    vi.setSystemTime(Date.now() + 25_000);
    vi.advanceTimersByTime(500);
    expect(silences).toEqual([]);
    if (word) silence.expect(500);
    vi.advanceTimersByTime(100);
    expect(silences.length).toBe(word ? 0 : 1);
  }
});
