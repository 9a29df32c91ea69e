import { expect, test } from "vitest";
import { Asking } from "./asking";
import type { Message } from "../net/message";

function said(id: string): Message {
  return { id, author: "Ada", player: "ada", text: id, sentAt: new Date(0), replica: "a" };
}

test("the next question goes on from the last message, also after answers without any", () => {
  const asking = new Asking();
  expect(asking.path).toBe("/api/messages");
  asking.answered({ replica: "a", messages: [said("1"), said("2")] });
  asking.answered({ replica: "b", messages: [] });
  expect(asking.path).toBe("/api/messages?after=2");
});

test("it counts the questions that brought nothing", () => {
  const asking = new Asking();
  expect(asking.summary).toBe("Not asked yet.");
  asking.answered({ replica: "a", messages: [] });
  expect(asking.summary).toBe("Asked once. It brought nothing.");
  asking.answered({ replica: "b", messages: [said("1")] });
  expect(asking.summary).toBe("Asked 2 times. 1 of them brought nothing.");
});
