import { expect, test } from "vitest";
import { ping, read, send } from "./frames";

test("each kind of frame is read", () => {
  expect(read('{"type":"welcome","replica":"a","name":"Ada","player":"7"}')).toEqual({
    type: "welcome",
    replica: "a",
    name: "Ada",
    player: "7",
  });
  expect(read('{"type":"messages","replica":"a","messages":[]}')).toEqual({
    type: "messages",
    replica: "a",
    messages: [],
  });
  expect(read('{"type":"presence","count":3,"players":[{"player":"7","name":"Ada"}]}')).toEqual({
    type: "presence",
    count: 3,
    players: [{ player: "7", name: "Ada" }],
  });
  expect(read('{"type":"changes","count":2,"came":[],"left":["7"]}')).toEqual({
    type: "changes",
    count: 2,
    came: [],
    left: ["7"],
  });
  expect(read('{"type":"sent","ref":"m1","id":"019a"}')).toEqual({
    type: "sent",
    ref: "m1",
    id: "019a",
  });
  expect(read('{"type":"pong"}')).toEqual({ type: "pong" });
});

test("an error may say to what it belongs, and when to come back", () => {
  const told = { type: "error", code: "too_many_messages", error: "Too fast." };
  const both = read(JSON.stringify({ ...told, ref: "m1", retry_after: 2 }));
  expect(both).toEqual({ ...told, ref: "m1", retryAfter: 2 });
  const neither = read(JSON.stringify({ ...told, ref: null }));
  expect(neither).toEqual({ ...told, ref: null, retryAfter: null });
});

test.each([
  "nonsense",
  "null",
  "{}",
  '{"type":"new"}',
  '{"type":"welcome"}',
  '{"type":"welcome","replica":"a","name":"Ada"}',
  '{"type":"presence","count":1,"players":7}',
  '{"type":"presence","count":1,"players":["Ada"]}',
  '{"type":"changes","count":1,"came":[]}',
  '{"type":"error","ref":"m1","error":"No."}',
])("%s is passed over", (text) => expect(read(text)).toBeNull());

test("a ping says nothing else", () => {
  expect(JSON.parse(ping())).toEqual({ type: "ping" });
});

test("a message is sent with its ref", () => {
  expect(JSON.parse(send("m1", "hello"))).toEqual({ type: "send", ref: "m1", text: "hello" });
});
