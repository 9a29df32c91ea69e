/** The client is held against the examples of everything that crosses the wire, as the Rust side is. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { CLOSE_CODES } from "./close-codes";
import { ping, read, send } from "./frames";
import { problemOf } from "./message";

interface Examples {
  server: { type: string }[];
  client: { type: string; ref?: string; text?: string }[];
  close: { code: number }[];
  limits: { text_characters: number };
}

const FILE = new URL("../../../crates/protocol/frames.json", import.meta.url);
const examples: Examples = JSON.parse(readFileSync(FILE, "utf8"));

test.each(examples.server)("a frame of the server is read whole: $type", (frame) => {
  const optional = frame.type === "error" ? { retryAfter: null } : {};
  expect(read(JSON.stringify(frame))).toEqual({ ...optional, ...(inOurNames(frame) as object) });
});

test.each(examples.client)("a frame of the client is as the server expects it: $type", (frame) => {
  const { type, ref = "", text = "" } = frame;
  expect(JSON.parse(type === "ping" ? ping() : send(ref, text))).toEqual(frame);
});

test("each code with which the server closes is known, and no other", () => {
  const codes = examples.close.map(({ code }) => String(code));
  expect(Object.keys(CLOSE_CODES).sort()).toEqual(codes.sort());
});

test("the longest text is the same on both sides", () => {
  const { text_characters } = examples.limits;
  expect(problemOf("a".repeat(text_characters))).toBeNull();
  expect(problemOf("a".repeat(text_characters + 1))).not.toBeNull();
});

/** JSON of the wire with our names for its fields, and with dates for its times. */
function inOurNames(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(inOurNames);
  if (typeof json !== "object" || json === null) return json;
  const members = Object.entries(json).map(([name, value]) => {
    if (name === "sent_at") return ["sentAt", new Date(String(value))];
    return [name === "retry_after" ? "retryAfter" : name, inOurNames(value)];
  });
  return Object.fromEntries(members);
}
