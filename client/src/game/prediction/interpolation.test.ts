import { expect, test } from "vitest";
import { standingGoat, type World } from "../world";
import { Interpolation } from "./interpolation";

const TICK_MS = 50;

function world(tick: number, change = {}): World {
  return { match: 1, tick, radius: 200, goats: [{ ...standingGoat(8 * tick, 0), ...change }] };
}

/** What is seen, picture for picture, if each snapshot comes so late. */
function seen(lateMs: (tick: number) => number, ms = 4000): { time: number; x: number }[] {
  const interpolation = new Interpolation(TICK_MS);
  const found = [];
  const arrivals = Array.from({ length: ms / TICK_MS }, (_, tick) => tick * TICK_MS + lateMs(tick));
  for (let [time, next, due] = [0, 0, 0]; time < ms; time++) {
    for (; next < arrivals.length; next++) {
      due = Math.max(due, arrivals[next] ?? 0);
      if (due > time) break;
      interpolation.heard(world(next), time);
    }
    if (time % 10 === 0) found.push({ time, x: interpolation.look(time)?.goats[0]?.x ?? 0 });
  }
  return found;
}

test.each([
  ["even", (_: number) => 20],
  ["uneven", (tick: number) => 20 + ((tick * 37) % 100)],
])("on an %s way goats move evenly, a moment behind", (_, lateMs) => {
  const pictures = seen(lateMs).filter(({ time }) => time > 3000);
  const steps = pictures.slice(1).map(({ x }, n) => x - (pictures[n]?.x ?? 0));
  expect(Math.min(...steps)).toBeGreaterThan(1.3);
  expect(Math.max(...steps)).toBeLessThan(1.9);
  const last = pictures.at(-1);
  const behindMs = (last?.time ?? 0) - ((last?.x ?? 0) / 8) * TICK_MS;
  expect(behindMs).toBeGreaterThan(110);
  expect(behindMs).toBeLessThan(300);
});

test("a goat that is back is not seen on its way there", () => {
  const interpolation = new Interpolation(TICK_MS);
  interpolation.heard(world(0, { standing: "climbing", ticksLeft: 1, x: -150 }), 0);
  interpolation.heard(world(1, { x: 90 }), 50);
  const at = (time: number) => interpolation.look(time)?.goats[0];
  expect(at(110)).toMatchObject({ standing: "climbing", x: -150 });
  expect(at(160)).toMatchObject({ standing: "up", x: 90 });
});
