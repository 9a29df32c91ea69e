import { expect, test } from "vitest";
import { message, messagePage, normalized, problemOf } from "./message";

const JSON_MESSAGE = {
  id: "019a",
  author: "Ada",
  player: "0123456789abcdef",
  text: "hello",
  sent_at: "2026-11-24T05:22:51.123Z",
  replica: "webserver-1",
};

test("messages are read", () => {
  expect(messagePage({ replica: "webserver-2", messages: [JSON_MESSAGE] })).toEqual({
    replica: "webserver-2",
    messages: [
      {
        id: "019a",
        author: "Ada",
        player: "0123456789abcdef",
        text: "hello",
        sentAt: new Date("2026-11-24T05:22:51.123Z"),
        replica: "webserver-1",
      },
    ],
  });
});

test("what is no message is not taken for one", () => {
  expect(() => message({ ...JSON_MESSAGE, text: 7 })).toThrow("text");
  expect(() => messagePage({ replica: "webserver-2", messages: {} })).toThrow("messages");
  expect(() => message(null)).toThrow();
});

test("a text has 1 to 500 characters, however wide", () => {
  expect(problemOf("")).not.toBeNull();
  expect(problemOf("a")).toBeNull();
  expect(problemOf("🐐".repeat(500))).toBeNull();
  expect(problemOf("🐐".repeat(501))).toContain("501");
});

test.each([
  ["a\tb\r\nc\u2028d", "a b c d"],
  ["\n hi \u00a0", "hi"],
  ["e\u0301", "\u00e9"],
  ["half an emoji: \ud83d", "half an emoji: \ufffd"],
  ["\ud83d\udc10", "\ud83d\udc10"],
])("%j is sent as %j", (typed, sent) => {
  expect(normalized(typed)).toBe(sent);
  expect(problemOf(normalized(typed))).toBeNull();
});

test("what shows as nothing is told so", () => {
  for (const text of ["\u200b", "\u00ad\u2060", "\u115f", "\u2800 \u2800", "\u{e0041}"]) {
    expect(problemOf(normalized(text))).not.toBeNull();
  }
  for (const text of ["\u0645\u06cc\u200c\u062e", "\ud83d\udc68\u200d\ud83d\udcbb", ".\u200b"]) {
    expect(problemOf(normalized(text))).toBeNull();
  }
});
