import { expect, test } from "vitest";
import { caption } from "./captions";
import { off, type Status } from "./status";
import { standingGoat } from "./world";

const STATUS: Status = { ...off(""), phase: { kind: "playing" }, seat: 2, tickRate: 20 };

test("the countdown counts whole seconds, and the word at the beginning goes by itself", () => {
  const gathering: Status = { ...STATUS, phase: { kind: "gathering", startsAt: 10_000 } };
  expect(caption(gathering, null, false, 100, 0).large).toBe("10");
  expect(caption(gathering, null, false, 9001, 0).large).toBe("1");
  expect(caption(gathering, null, false, 11_000, 0).large).toBe("0");
  expect(caption(STATUS, null, false, 0, 100).large).toBe("Go!");
  expect(caption(STATUS, null, false, 0, 1000).large).toBe("");
});

test("the winner stands in large letters", () => {
  const result = (winner: number | null): Status => {
    return { ...STATUS, phase: { kind: "result", winner, closesAt: 5000 } };
  };
  expect(caption(result(2), null, false, 0, 0).large).toBe("You win!");
  expect(caption(result(0), null, false, 0, 0).large).toBe("Goat 1 wins!");
  expect(caption(result(null), null, false, 0, 0).large).toBe("A draw");
  expect(caption(result(0), null, false, 2100, 0).below).toBe("Ends in 3 s");
  const named = { ...result(0), names: ["Zoë", null, "Ada"] };
  expect(caption(named, null, false, 0, 0).large).toBe("Zoë wins!");
});

test("who fell sees when they are back, and whose keys go elsewhere what to do about it", () => {
  const fallen = { ...standingGoat(0, 0), standing: "climbing" as const, ticksLeft: 21 };
  expect(caption(STATUS, fallen, false, 0, 2000).hint).toBe("Back in 2 s");
  expect(caption(STATUS, standingGoat(0, 0), true, 0, 2000).hint).not.toBe("");
  expect(caption(STATUS, standingGoat(0, 0), false, 0, 2000).hint).toBe("");
});

test("a lost connection is told in the picture, with its seconds, and from when on a bot plays", () => {
  const lost: Status = { ...STATUS, lostSince: 5000, graceMs: 20_000 };
  const at = (time: number) => caption(lost, null, true, time, 0);
  expect(at(8900)).toMatchObject({
    above: "Connection lost",
    below: "Trying again … 3 s",
    hint: "",
  });
  expect(at(25_000).hint).toMatch(/^A bot plays your goat/);
});

test("a match that moves is told as that, and not as a loss", () => {
  const moving: Status = { ...STATUS, lostSince: 5000, graceMs: 20_000, isMoving: true };
  expect(caption(moving, null, true, 7100, 0)).toMatchObject({
    above: "Your match is moving",
    below: "To another server … 2 s",
  });
});
