/** What is typed becomes the same on both sides, and is refused by both or by none. The examples are the server's, too. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { normalized, problemOf, refusal } from "./message";

interface Example {
  typed: string;
  text: string;
  length: number;
  /** The server's word for why it is refused; null if it is not. */
  code: string | null;
}

const FILE = new URL("../../../crates/protocol/texts.json", import.meta.url);
const examples: Example[] = JSON.parse(readFileSync(FILE, "utf8"));

test.each(examples)(
  "$typed is taken or refused by both sides: $code",
  ({ typed, text, length, code }) => {
    expect(normalized(typed)).toBe(text);
    expect([...normalized(typed)]).toHaveLength(length);
    expect(problemOf(normalized(typed)) === null).toBe(code === null);
    // And there is a sentence for it, should a server refuse what this page did not.
    expect(refusal(code) === null).toBe(code === null);
  },
);
