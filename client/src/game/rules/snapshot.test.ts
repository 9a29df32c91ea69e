/** What comes over the wire is taken for a snapshot only if it is one. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decode } from "./snapshot";

const FILE = new URL("../../../../crates/game/golden.json", import.meta.url);
const [golden] = JSON.parse(readFileSync(FILE, "utf8")).matches;
const digits: string = golden.snapshots[0].bytes;

/** The example with another byte at `at`. */
function spoilt(at: number, byte: number): ArrayBuffer {
  const bytes = example();
  bytes[at] = byte;
  return bytes.buffer;
}

function example(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

test("a snapshot of eight goats has 122 bytes", () => {
  expect(example()).toHaveLength(122);
  expect(decode(example().buffer)?.state.goats).toHaveLength(8);
});

test("bytes that are no snapshot are refused: too few, too many, of another kind", () => {
  for (let length = 0; length < 122; length++) {
    expect(decode(example().buffer.slice(0, length))).toBeNull();
  }
  expect(decode(Uint8Array.from([...example(), 0]).buffer)).toBeNull();
  expect(decode(spoilt(0, 1))).toBeNull();
});

test.each([
  ["the tick", 6, 0x7f],
  ["the radius", 8, 0x7f],
  ["the seats", 9, 7],
  ["a place", 11, 0x7f],
  ["a speed", 15, 0x7f],
  ["a charge", 19, 21],
  ["a lunge", 20, 1],
  ["a faint", 21, 0x7f],
  ["a way to climb", 21, 0xff],
])("a snapshot in which %s is out of range is refused", (_, at, byte) => {
  expect(decode(spoilt(at, byte))).toBeNull();
});
