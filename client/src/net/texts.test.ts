/** Both sides make the same of what somebody typed: the server is held against the same examples. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { normalized, problemOf } from "./message";

interface Example {
  typed: string;
  text: string;
  length: number;
  code: string | null;
}

const FILE = new URL("../../../crates/protocol/texts.json", import.meta.url);
const examples: Example[] = JSON.parse(readFileSync(FILE, "utf8"));

test.each(examples)("$typed becomes $text", ({ typed, text, length, code }) => {
  expect(normalized(typed)).toBe(text);
  expect([...normalized(typed)].length).toBe(length);
  expect(problemOf(normalized(typed)) === null).toBe(code === null);
});
