import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { now } from "./clock";
import { type FakeSocket, FakeSockets } from "./fake-socket";
import type { Frame } from "./frames";
import { Connection, type Link } from "./socket";

let sockets: FakeSockets;
let links: Link[];
let frames: Frame[];
let connection: Connection;
let asked: number;
let answered: Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new FakeSockets();
  [links, frames, asked, answered] = [[], [], 0, Promise.resolve()];
  const events = {
    frame: (frame: Frame) => frames.push(frame),
    changed: (link: Link) => links.push(link),
    askWhoSitsHere: () => {
      asked += 1;
      return answered;
    },
  };
  connection = new Connection(
    () => sockets.open(),
    events,
    () => 1,
  );
});

afterEach(() => vi.useRealTimers());

function last(): FakeSocket {
  return sockets.last;
}

test("it is open from the welcome on", () => {
  connection.start("ada");
  connection.start("ada");
  expect(sockets.opened).toHaveLength(1);
  last().welcome();
  connection.send("frame");
  expect(links.map(({ state }) => state)).toEqual(["connecting", "open"]);
  expect(frames).toMatchObject([{ type: "welcome" }]);
  expect(last().sent).toEqual(["frame"]);
});

test("after a restart it is back almost at once", () => {
  connection.start("ada");
  last().welcome();
  vi.advanceTimersByTime(6000);
  last().onclose?.({ code: 1012 });
  expect(links.at(-1)).toEqual({ state: "waiting", why: "webserver-1 was told to stop." });
  vi.advanceTimersByTime(500);
  expect(sockets.opened).toHaveLength(2);
});

test("failures in a row wait longer and longer, and keep the reason", () => {
  connection.start("ada");
  last().welcome();
  for (const wait of [500, 1000, 2000]) {
    last().onclose?.({ code: 1006 });
    const before = sockets.opened.length;
    vi.advanceTimersByTime(wait - 1);
    expect(sockets.opened).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sockets.opened).toHaveLength(before + 1);
    expect(links.at(-1)).toEqual({
      state: "connecting",
      why: "The connection to webserver-1 broke.",
    });
  }
});

test("a welcome alone is no success, a connection that lasts is", () => {
  connection.start("ada");
  for (const [lasted, wait] of [
    [0, 500],
    [0, 1000],
    [6000, 500],
  ] as const) {
    last().welcome();
    vi.advanceTimersByTime(lasted);
    last().onclose?.({ code: 1006 });
    const before = sockets.opened.length;
    vi.advanceTimersByTime(wait - 1);
    expect(sockets.opened).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sockets.opened).toHaveLength(before + 1);
  }
});

test("whoever wants to try now does not wait, whatever the connection is doing", () => {
  connection.tryNow();
  expect(sockets.opened).toHaveLength(0);
  connection.start("ada");
  last().onclose?.({ code: 1006 });
  connection.tryNow();
  expect(sockets.opened).toHaveLength(2);
  vi.advanceTimersByTime(4000);
  connection.tryNow();
  expect(sockets.opened).toHaveLength(3);
  expect(sockets.opened[1]?.closed).toBe(true);
  last().welcome();
  connection.tryNow();
  expect(sockets.opened).toHaveLength(4);
  expect(links.at(-1)).toEqual({ state: "connecting", why: "" });
});

test("a connection that is quiet is asked, and goes on if there is any word", () => {
  connection.start("ada");
  last().welcome();
  for (let times = 1; times <= 3; times++) {
    vi.advanceTimersByTime(15_000);
    expect(last().sent).toEqual(Array(times).fill('{"type":"ping"}'));
    vi.advanceTimersByTime(4999);
    last().receive({ type: times === 1 ? "pong" : "something new" });
  }
  expect(sockets.opened).toHaveLength(1);
});

test("a connection without a word is given up, and counts as dead since the last one", () => {
  connection.start("ada");
  last().welcome();
  vi.advanceTimersByTime(1000);
  last().receive({ type: "messages", replica: "webserver-1", messages: [] });
  const heard = now();
  const dead = last();
  vi.advanceTimersByTime(19_999);
  expect(links.at(-1)?.state).toBe("open");
  vi.advanceTimersByTime(1);
  expect(links.at(-1)).toEqual({ state: "waiting", why: "webserver-1 fell silent." });
  expect(dead.closed).toBe(true);
  expect(connection.aliveUntil).toBe(heard);
  vi.advanceTimersByTime(500);
  expect(sockets.opened).toHaveLength(2);
});

test("in doubt it is asked at once, and given up soon", () => {
  connection.start("ada");
  connection.doubt();
  last().welcome();
  expect(last().sent).toEqual([]);
  connection.doubt();
  expect(last().sent).toEqual(['{"type":"ping"}']);
  vi.advanceTimersByTime(2000);
  expect(links.at(-1)?.state).toBe("waiting");
  connection.doubt();
  expect(sockets.opened).toHaveLength(2);
});

test("a try that leads to no welcome is given up", () => {
  connection.start("ada");
  // What stands in front of the replicas may take the connection, and then say nothing.
  last().receive({ type: "something else" });
  vi.advanceTimersByTime(4999);
  expect(links.at(-1)?.state).toBe("connecting");
  vi.advanceTimersByTime(1);
  expect(links.at(-1)).toEqual({ state: "waiting", why: "There is no connection." });
  vi.advanceTimersByTime(500);
  expect(sockets.opened).toHaveLength(2);
});

test("a connection that seems dead is given up, and what it says later does not count", () => {
  connection.start("ada");
  const dead = last();
  dead.welcome();
  connection.abandon("No word came back.");
  expect(links.at(-1)).toEqual({ state: "waiting", why: "No word came back." });
  expect(dead.closed).toBe(true);
  expect(dead.onmessage).toBeNull();
});

test("stopped, it stays away", () => {
  connection.start("ada");
  last().onclose?.({ code: 1006 });
  connection.stop();
  vi.advanceTimersByTime(60_000);
  expect(sockets.opened).toHaveLength(1);
  expect(links.at(-1)).toEqual({ state: "off" });
});

test("when the login is over, it asks who sits here before it connects again", async () => {
  let tell = () => {};
  answered = new Promise((resolve) => {
    tell = resolve;
  });
  connection.start("ada");
  last().welcome();
  last().onclose?.({ code: 4004 });
  expect(links.at(-1)).toEqual({ state: "waiting", why: "This login is over." });
  await vi.advanceTimersByTimeAsync(60_000);
  expect([asked, sockets.opened.length]).toEqual([1, 1]);
  tell();
  await vi.advanceTimersByTimeAsync(500);
  expect(sockets.opened).toHaveLength(2);
});

test("when somebody else sits here by then, it stays away", async () => {
  connection.start("ada");
  last().welcome();
  last().onclose?.({ code: 4004 });
  connection.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets.opened).toHaveLength(1);
});

test("a connection that is another player's is none: nothing can be sent over it", async () => {
  connection.start("ada");
  last().welcome("webserver-1", "bob");
  expect(links.map(({ state }) => state)).toEqual(["connecting", "waiting"]);
  expect(frames).toEqual([]);
  expect(last().closed).toBe(true);
  expect(asked).toBe(1);
});
