import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer, description } from "./announcer";
import { standingGoat, type World } from "./world";

const WORLD: World = {
  match: 1,
  tick: 1,
  radius: 300,
  goats: [0, 1, 2].map((n) => standingGoat(n * 60, 0)),
};

let spoken: [text: string, at: number][] = [];
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  spoken = [];
  announcer = new Announcer((text) => spoken.push([text, Date.now()]), Date.now);
});

afterEach(() => {
  vi.useRealTimers();
});

test("what concerns the own goat is told at once, and so is who is out", () => {
  announcer.happened([{ kind: "hit", seat: 1, by: 2 }], WORLD, 1);
  vi.advanceTimersByTime(5000);
  announcer.happened([{ kind: "fell", seat: 0, lives: 0 }], WORLD, 1);
  expect(spoken.map(([text]) => text)).toEqual([
    "You were hit by goat 3.",
    "Goat 1 is out. 3 left.",
  ]);
});

test("the quarrels of others are not told", () => {
  announcer.happened(
    [
      { kind: "hit", seat: 0, by: 2 },
      { kind: "fell", seat: 2, lives: 1 },
      { kind: "back", seat: 0 },
      { kind: "lunge", seat: 1, force: 1 },
    ],
    WORLD,
    1,
  );
  vi.advanceTimersByTime(5000);
  expect(spoken).toEqual([]);
});

test("however much happens, there is a text every two seconds at most, and it is short", () => {
  for (let n = 0; n < 100; n++) {
    announcer.happened([{ kind: "hit", seat: 1, by: n % 8 }], WORLD, 1);
    vi.advanceTimersByTime(100);
  }
  const gaps = spoken.slice(1).map(([, at], n) => at - (spoken[n]?.[1] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000);
  expect(spoken.length).toBeGreaterThan(3);
  for (const [text] of spoken) expect(text.match(/\./g)?.length).toBeLessThanOrEqual(3);
});

test("who comes near the edge is warned once, with the side on which it is", () => {
  const at = (x: number, y: number): World => ({ ...WORLD, goats: [standingGoat(x, y)] });
  for (const x of [0, 270, 280, 260, 275]) announcer.happened([], at(x, 0), 0);
  expect(spoken.map(([text]) => text)).toEqual(["The edge is near, to the east."]);
  vi.advanceTimersByTime(5000);
  announcer.happened([], at(0, 0), 0);
  announcer.happened([], at(-190, -190), 0);
  vi.advanceTimersByTime(5000);
  announcer.happened([], at(-200, -200), 0);
  expect(spoken.at(-1)?.[0]).toBe("The edge is near, to the north-west.");
});

test("what was not told yet is forgotten when it is over", () => {
  announcer.tell("One.");
  announcer.tell("Two.");
  announcer.clear();
  vi.advanceTimersByTime(5000);
  expect(spoken.map(([text]) => text)).toEqual(["One."]);
});

test("the picture can be described in a sentence", () => {
  expect(description(WORLD, null)).toBe("A mountaintop with 3 goats.");
  expect(description(WORLD, 1)).toBe("A mountaintop with 3 goats. Yours is goat 2, with 3 lives.");
});
