import { expect, test } from "vitest";
import { happenings } from "./happenings";
import { type GoatView, standingGoat, type World } from "./world";

function world(tick: number, ...changes: Partial<GoatView>[]): World {
  const goats = changes.map((change, n) => ({ ...standingGoat(n * 30, 0), ...change }));
  return { match: 1, tick, radius: 300, goats };
}

test("a goat lunges, and the one that it reaches was hit by it", () => {
  const before = world(1, { lunge: 0.5 }, {}, { x: 200 });
  const after = world(2, {}, { fainted: true }, { x: 200, lunge: 1 });
  expect(happenings(before, after)).toEqual([
    { kind: "hit", seat: 1, by: 0 },
    { kind: "lunge", seat: 2, force: 1 },
  ]);
});

test("a goat falls, is back, falls again, and is out: each is told once", () => {
  const up = { lives: 3 };
  const climbing = { lives: 2, standing: "climbing" } as const;
  const steps = [up, climbing, climbing, { lives: 2 }, { lives: 0, standing: "out" } as const];
  const told = steps.slice(1).map((step, n) => {
    return happenings(world(n, steps[n] ?? {}, {}), world(n + 1, step, {}));
  });
  expect(told).toEqual([
    [{ kind: "fell", seat: 0, lives: 2 }],
    [],
    [{ kind: "back", seat: 0 }],
    [{ kind: "fell", seat: 0, lives: 0 }],
  ]);
});

test("of a fall of which nobody saw anything until the goat was back, nothing is shown", () => {
  expect(happenings(world(1, { lives: 3 }, {}), world(90, { lives: 2 }, {}))).toEqual([]);
});

test("between two matches, or back in time, nothing happens", () => {
  const fallen = world(9, { lives: 2, standing: "climbing" });
  expect(happenings(null, fallen)).toEqual([]);
  expect(happenings({ ...world(5, {}), match: 2 }, fallen)).toEqual([]);
  expect(happenings(world(10, {}), fallen)).toEqual([]);
});
