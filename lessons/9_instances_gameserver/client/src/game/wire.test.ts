/** The page is held against the examples of what crosses the wire of the game, as the Rust side is. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLOSE_CODES } from "../net/close-codes";
import { DIRECTIONS } from "./rules/directions";
import { endOf } from "./sentences";
import { after, connecting } from "./status";
import { encodeInput, enter, ping, read } from "./wire";

interface Examples {
  server: { type: string; why?: string; error?: string }[];
  client: { type: string; ticket?: string; at?: number }[];
  inputs: {
    bytes: number[];
    direction: number | null;
    hold: boolean;
    sequence: number;
    seen: number;
  }[];
  close: { code: number }[];
  limits: { directions: number };
}

const FILE = new URL("../../../crates/protocol/game.json", import.meta.url);
const examples: Examples = JSON.parse(readFileSync(FILE, "utf8"));

test.each(examples.server)("a frame of the server is read whole: $type", (frame) => {
  // The page has sentences of its own for both.
  const { why, error, ...rest } = frame;
  const optional = frame.type === "error" ? { retryAfter: null } : {};
  expect(read(JSON.stringify(frame))).toEqual({ ...optional, ...inOurNames(rest) });
});

test.each(examples.client)("a frame of the client is as the server expects it: $type", (frame) => {
  const { ticket = "", at = 0 } = frame;
  expect(JSON.parse(frame.type === "ping" ? ping(at) : enter(ticket))).toEqual(frame);
});

test.each(examples.inputs)("an input has the bytes that the server expects: $bytes", (example) => {
  const { bytes, sequence, seen, ...input } = example;
  expect([...encodeInput(input, sequence, seen)]).toEqual(bytes);
  // Numbers that have wrapped are cut.
  expect([...encodeInput(input, sequence + 0x10000, seen + 0x70000)]).toEqual(bytes);
});

test("each code with which only a game server closes has a sentence of its own", () => {
  const welcome = read(JSON.stringify(examples.server[0]));
  if (welcome === null) throw new Error("the first example is a welcome");
  const status = after(connecting("player"), welcome, 0);
  const sentences = new Set([endOf(4999, null, status, false)]);
  for (const { code } of examples.close) {
    expect(CLOSE_CODES[code]).toBeUndefined();
    sentences.add(endOf(code, null, status, false));
  }
  expect(sentences.size).toBe(examples.close.length + 1);
});

test("both sides know as many directions", () => {
  expect(DIRECTIONS).toBe(examples.limits.directions);
});

test.each([
  "",
  "null",
  "[]",
  "{}",
  '{"type":"dance"}',
  '{"type":"welcome","server":"a","match_id":"m","seat":"b","seats":8,"tick_rate":20}',
  '{"type":"started","match":7,"seats":["goat"],"names":[null]}',
  '{"type":"started","match":7,"seats":"player","names":[]}',
  '{"type":"started","match":7,"seats":["player"],"names":[7]}',
])("what is no frame is passed over: %s", (text) => {
  expect(read(text)).toBeNull();
});

/** With our names for the fields. */
function inOurNames(frame: object): object {
  const members = Object.entries(frame).map(([name, value]) => {
    return [name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value];
  });
  return Object.fromEntries(members);
}
