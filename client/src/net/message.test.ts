import { expect, test } from "vitest";
import { message, problemOf, messagePage } from "./message";

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
