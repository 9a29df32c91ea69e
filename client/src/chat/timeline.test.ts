import { expect, test } from "vitest";
import type { Message } from "../net/message";
import { Timeline } from "./timeline";

function said(id: string): Message {
  return { id, author: "Ada", player: "ada", text: id, sentAt: new Date(0), replica: "a" };
}

function keys(timeline: Timeline): string[] {
  return timeline.items.map((item) =>
    "note" in item ? item.note : `${item.key} ${item.deliveredBy}`,
  );
}

test("a message that is told twice is there once", () => {
  const timeline = new Timeline();
  expect(timeline.heard([said("1"), said("2")], "a")).toHaveLength(2);
  expect(timeline.heard([said("2"), said("3")], "b").map(({ id }) => id)).toEqual(["3"]);
  expect(keys(timeline)).toEqual(["1 a", "2 a", "3 b"]);
});

test("one's own message finds its place in everybody's order when it is heard", () => {
  const timeline = new Timeline();
  timeline.taken(said("mine"));
  timeline.heard([said("theirs")], "b");
  expect(keys(timeline)).toEqual(["mine null", "theirs b"]);
  expect(timeline.heard([said("mine")], "b")).toHaveLength(1);
  expect(keys(timeline)).toEqual(["theirs b", "mine b"]);
});

test("one's own message may also be heard before the word that it was taken", () => {
  const timeline = new Timeline();
  timeline.heard([said("mine")], "b");
  timeline.taken(said("mine"));
  expect(keys(timeline)).toEqual(["mine b"]);
});

test("notes stand between, and the oldest goes", () => {
  const timeline = new Timeline();
  timeline.note("first");
  for (let n = 0; n < 299; n++) timeline.heard([said(String(n))], "a");
  expect(keys(timeline)[0]).toBe("first");
  timeline.note("last");
  expect(keys(timeline)).toHaveLength(300);
  expect(keys(timeline)[0]).toBe("0 a");
  timeline.clear();
  expect(timeline.items).toEqual([]);
});
