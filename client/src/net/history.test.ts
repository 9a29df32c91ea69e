/** What a replica says of the history: where it does not reach back to, and that it cannot be read now. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { delay } from "./backoff";
import { closed } from "./close-codes";
import { FakeSockets } from "./fake-socket";
import { read } from "./frames";
import { Connection, type Link } from "./socket";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a gap says from where on there is something, if there is anything", () => {
  const gap = { type: "gap", after: "1-0", first: "2-0" };
  expect(read(JSON.stringify(gap))).toEqual(gap);
  expect(read(JSON.stringify({ ...gap, first: null }))).toEqual({ ...gap, first: null });
  expect(read(JSON.stringify({ ...gap, first: 2 }))).toBeNull();
});

test("each code has its sentence", () => {
  const codes = [1006, 1008, 1009, 1012, 1013, 4001, 4002, 4003];
  expect(new Set(codes.map((code) => closed(code, "a"))).size).toBe(codes.length);
});

test("after a replica had missed something itself, the first try comes almost at once", () => {
  expect(delay(0, 4003, 1)).toBe(500);
});

test("a replica that says why it cannot serve is heard, and waited for", () => {
  const sockets = new FakeSockets();
  const links: Link[] = [];
  const events = {
    frame: () => {},
    changed: (link: Link) => links.push(link),
    askWhoSitsHere: async () => {},
  };
  const connection = new Connection(
    () => sockets.open(),
    events,
    () => 1,
  );
  connection.start("ada");
  sockets.last.welcome();
  sockets.last.onclose?.({ code: 1006 });
  vi.advanceTimersByTime(500);
  sockets.last.onclose?.({ code: 1013 });
  expect(links.at(-1)).toEqual({
    state: "waiting",
    why: "The replica could not read the history.",
  });
  vi.advanceTimersByTime(999);
  expect(sockets.opened).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(sockets.opened).toHaveLength(3);
});
