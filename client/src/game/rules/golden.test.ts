/** These rules are held against whole matches that were played by those in Rust: `crates/game/tests/golden.rs` makes them. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DIRECTIONS } from "./directions";
import { hash } from "./hash";
import { decode } from "./snapshot";
import type { Input } from "./state";
import { newState, outcome, step } from "./step";

interface Golden {
  /** A letter for each input: all directions and none, first without holding and then with it. */
  letters: string;
  matches: {
    name: string;
    seed: number;
    seats: number;
    inputs: string[];
    hashes: string[];
    outcome: string;
    snapshots: { tick: number; match: number; last_inputs: number[]; bytes: string }[];
  }[];
}

const FILE = new URL("../../../../crates/game/golden.json", import.meta.url);
const golden: Golden = JSON.parse(readFileSync(FILE, "utf8"));

test.each(golden.matches)("a match is the same here and in Rust, tick for tick: $name", (match) => {
  const state = newState(match.seed, match.seats);
  const hashes = match.hashes.join("").match(/.{8}/g) ?? [];
  const snapshots = new Map(match.snapshots.map((snapshot) => [snapshot.tick, snapshot]));
  expect(hashes).toHaveLength(match.inputs[0]?.length ?? 0);
  expect(hashes.length).toBeGreaterThan(100);
  for (const [tick, expected] of hashes.entries()) {
    step(
      state,
      match.inputs.map((letters) => input(letters.charAt(tick))),
    );
    const is = hash(state).toString(16).padStart(8, "0");
    if (is !== expected) expect.fail(`after tick ${state.tick} the states differ`);
    const snapshot = snapshots.get(state.tick);
    if (!snapshot) continue;
    expect(decode(fromHex(snapshot.bytes))).toEqual({
      match: snapshot.match,
      state,
      lastInputs: snapshot.last_inputs,
    });
  }
  const is = outcome(state);
  expect(typeof is === "string" ? is : String(is.won)).toBe(match.outcome);
});

test("a match that is over stays as it is", () => {
  const state = newState(1, 2);
  for (const goat of state.goats.slice(1)) goat.lives = 0;
  const over = structuredClone(state);
  step(state, [{ direction: 0, hold: true }]);
  expect(state).toEqual(over);
});

function input(letter: string): Input {
  const number = golden.letters.indexOf(letter);
  if (number < 0) throw new Error(`${letter} stands for no input`);
  const half = golden.letters.length / 2;
  const direction = number % half;
  return { direction: direction < DIRECTIONS ? direction : null, hold: number >= half };
}

function fromHex(digits: string): ArrayBuffer {
  const bytes = digits.match(/../g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16)).buffer;
}
