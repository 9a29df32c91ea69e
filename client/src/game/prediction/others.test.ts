import { expect, test } from "vitest";
import type { Input, State } from "../rules/state";
import { newState, step } from "../rules/step";
import { Others } from "./others";

/** What is thought of goat 1 when it has done this for some ticks. */
function thoughtOf(...inputs: Input[]): Input {
  const [others, state] = [new Others(), newState(3, 2)];
  for (const input of inputs) {
    const before: State = structuredClone(state);
    step(state, [{ direction: null, hold: false }, input]);
    others.learn(before, state);
  }
  return others.of(1);
}

test.each([
  { direction: null, hold: false },
  { direction: 7, hold: false },
  { direction: 7, hold: true },
  { direction: null, hold: true },
])("what somebody holds is seen from what their goat does: %o", (input) => {
  expect(thoughtOf(input)).toEqual(input);
  expect(thoughtOf({ direction: 20, hold: false }, input, input)).toEqual(input);
});

test("who lets go and lunges is thought to go on as before", () => {
  const charge = { direction: 5, hold: true };
  const go = { direction: 5, hold: false };
  expect(thoughtOf(charge, charge, charge, go, go)).toEqual(go);
});
