import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newState, step } from "../rules/step";
import { bot } from "./fake-bots";

const FILE = new URL("../../../../crates/game/golden.json", import.meta.url);
const golden = JSON.parse(readFileSync(FILE, "utf8"));

test.each([0, 1])("bots play here as they do on a server, in match %i", (n) => {
  const { seed, seats, inputs } = golden.matches[n];
  const letters: string = golden.letters;
  const state = newState(seed, seats);
  for (let tick = 0; tick < inputs[0].length; tick++) {
    const done = state.goats.map((_, seat) => bot(seed, state, seat));
    const letter = ({ direction, hold }: (typeof done)[number]) =>
      letters.charAt((direction ?? 32) + (hold ? 33 : 0));
    const all = inputs.map((one: string) => one.charAt(tick)).join("");
    expect(`${tick} ${done.map(letter).join("")}`).toBe(`${tick} ${all}`);
    step(state, done);
  }
});
