import { expect, test } from "vitest";
import { Here } from "./here";

const ADA = { player: "1", name: "Ada" };
const BOB = { player: "2", name: "Bob" };
const CEM = { player: "3", name: "Cem" };

test("it is told of all, and then of changes", () => {
  const here = new Here();
  here.told([ADA, BOB], 2);
  here.changed([CEM], [ADA.player, "a stranger"], 2);
  expect(here.players).toEqual([BOB, CEM]);
  // There may be more than are told by name.
  here.changed([], [], 40);
  expect([here.count, here.players.length]).toEqual([40, 2]);
  here.clear();
  expect([here.count, here.players]).toEqual([0, []]);
});
