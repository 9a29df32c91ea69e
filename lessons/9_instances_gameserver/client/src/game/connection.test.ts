import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GameConnection } from "./connection";
import { FakeGameSockets, snapshot, TWO } from "./fake-game";
import type { Lag } from "./lag";
import type { ServerFrame } from "./wire";

let sockets: FakeGameSockets;
let lag: Lag;
let heard: (ServerFrame | "snapshot")[] = [];
let ends: [code: number, silent: boolean][] = [];
let hidden = false;
let connection: GameConnection;

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  sockets = new FakeGameSockets();
  lag = { delayMs: 0, dropShare: 0 };
  [heard, ends, hidden] = [[], [], false];
  const events = {
    frame: (frame: ServerFrame) => heard.push(frame),
    snapshot: () => heard.push("snapshot"),
    ended: (code: number, silent: boolean) => ends.push([code, silent]),
    hidden: () => hidden,
  };
  connection = new GameConnection(
    (path) => sockets.open(path),
    events,
    lag,
    Date.now,
    () => 0,
  );
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

const start = () => connection.start("/game/gs-1/ws", "a.b.c");

test("the first frame brings the ticket, and the address does not", () => {
  start();
  expect(sockets.paths).toEqual(["/game/gs-1/ws"]);
  expect(sockets.last.texts).toEqual([]);
  sockets.last.open();
  expect(sockets.last.texts[0]).toEqual({ type: "enter", ticket: "a.b.c" });
});

test("a ping tells how long the way there and back is, with what the slider adds", () => {
  start();
  sockets.last.open();
  lag.delayMs = 100;
  vi.advanceTimersByTime(1000);
  expect(sockets.last.texts.filter(({ type }) => type === "ping").length).toBe(1);
  vi.advanceTimersByTime(100);
  const at = sockets.last.texts.at(-1)?.at;
  vi.advanceTimersByTime(20);
  sockets.last.receive({ type: "pong", at });
  vi.advanceTimersByTime(100);
  expect(connection.roundTripMs).toBe(220);
});

test("the slider loses snapshots and inputs, and never what is said once", () => {
  start();
  sockets.last.open();
  lag.dropShare = 0.2;
  connection.input(new Uint8Array(8));
  sockets.last.receive(snapshot(1, 1, TWO));
  sockets.last.receive({ type: "cancelled", match: 2, code: "fault" });
  expect(sockets.last.inputs).toEqual([]);
  expect(heard).toEqual([{ type: "cancelled", match: 2, code: "fault" }]);
});

test("the last words of a server come before its end, however slow the network is made", () => {
  start();
  sockets.last.open();
  lag.delayMs = 400;
  sockets.last.receive({ type: "error", code: "draining", error: "…" });
  sockets.last.end(4008);
  expect(ends).toEqual([]);
  vi.advanceTimersByTime(400);
  expect(heard).toEqual([{ type: "error", code: "draining", retryAfter: null }]);
  expect(ends).toEqual([[4008, false]]);
});

test("a server that falls silent is given up, and so is one that never answers", () => {
  start();
  vi.advanceTimersByTime(5000);
  expect(ends).toEqual([[1006, true]]);
  start();
  sockets.last.open();
  vi.advanceTimersByTime(4000);
  sockets.last.receive({ type: "pong", at: 0 });
  vi.advanceTimersByTime(4000);
  expect(ends.length).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(ends.length).toBe(2);
  expect(sockets.last.closed).toBe(true);
});

test("a page that nobody sees, and whose pings wait, gives up nothing", () => {
  start();
  sockets.last.open();
  hidden = true;
  vi.advanceTimersByTime(60_000);
  expect(ends).toEqual([]);
});

test("a connection that was left says nothing more", () => {
  start();
  const first = sockets.last;
  first.open();
  start();
  expect(first.closed).toBe(true);
  first.receive({ type: "cancelled", match: 2, code: "fault" });
  first.end(1006);
  expect(heard).toEqual([]);
  expect(ends).toEqual([]);
});
