import { expect, test } from "vitest";
import { closed, read, send } from "./frames";

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

// lesson 7
test("a gap says from where on there is something, if there is anything", () => {
  const gap = { type: "gap", after: "1-0", first: "2-0" };
  expect(read(JSON.stringify(gap))).toEqual(gap);
  expect(read(JSON.stringify({ ...gap, first: null }))).toEqual({ ...gap, first: null });
  expect(read(JSON.stringify({ ...gap, first: 2 }))).toBeNull();
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

test("each code has its sentence", () => {
  // const codes = [1006, 1008, 1009, 1012, 4001, 4002]; // lesson 6 only
  const codes = [1006, 1008, 1009, 1012, 1013, 4001, 4002, 4003]; // lesson 7
  expect(new Set(codes.map((code) => closed(code, "a"))).size).toBe(codes.length);
  expect(closed(1012, "webserver-1")).toBe("webserver-1 is restarting.");
  expect(closed(1006, null)).toBe("There is no connection.");
});
