import { expect, test } from "vitest";
import { read, send } from "./frames";

test("each kind of frame is read", () => {
  expect(read('{"type":"welcome","replica":"a","name":"Ada"}')).toEqual({
    type: "welcome",
    replica: "a",
    name: "Ada",
  });
  expect(read('{"type":"messages","replica":"a","messages":[]}')).toEqual({
    type: "messages",
    replica: "a",
    messages: [],
  });
  expect(read('{"type":"presence","count":3,"names":["Ada","Bob"]}')).toEqual({
    type: "presence",
    count: 3,
    names: ["Ada", "Bob"],
  });
  expect(read('{"type":"sent","ref":"m1","id":"019a"}')).toEqual({
    type: "sent",
    ref: "m1",
    id: "019a",
  });
});

test("an error may say to what it belongs, and when to come back", () => {
  const both = read('{"type":"error","ref":"m1","error":"Too fast.","retry_after":2}');
  expect(both).toEqual({ type: "error", ref: "m1", error: "Too fast.", retryAfter: 2 });
  const neither = read('{"type":"error","ref":null,"error":"No."}');
  expect(neither).toEqual({ type: "error", ref: null, error: "No.", retryAfter: null });
});

test.each([
  "nonsense",
  "null",
  "{}",
  '{"type":"new"}',
  '{"type":"welcome"}',
  '{"type":"presence","count":1,"names":7}',
])("%s is passed over", (text) => expect(read(text)).toBeNull());

test("a message is sent with its ref", () => {
  expect(JSON.parse(send("m1", "hello"))).toEqual({ type: "send", ref: "m1", text: "hello" });
});
