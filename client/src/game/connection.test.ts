import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GameConnection } from "./connection";
import { FakeGameSockets, snapshot, TWO } from "./fake-game";
import { type Lag, noLag } from "./lag";
import type { ServerFrame } from "./wire";

let sockets: FakeGameSockets;
let lag: Lag;
let heard: (ServerFrame | "snapshot")[] = [];
let ends: [code: number, silent: boolean][] = [];
let turns: string[] = [];
let hidden = false;
let connection: GameConnection;

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  sockets = new FakeGameSockets();
  lag = noLag();
  [heard, ends, turns, hidden] = [[], [], [], false];
  const events = {
    frame: (frame: ServerFrame) => heard.push(frame),
    snapshot: () => heard.push("snapshot"),
    lost: () => turns.push("lost"),
    back: () => turns.push("back"),
    ended: (code: number, silent: boolean) => ends.push([code, silent]),
    hidden: () => hidden,
  };
  connection = new GameConnection(
    (path) => sockets.open(path),
    events,
    lag,
    Date.now,
    () => 0.5,
  );
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

const WELCOME = { type: "welcome", server: "gs-1", match_id: "m1", seats: 2, tick_rate: 20 };
const start = () => connection.start("/game/gs-1/ws", "a.b.c");

/** A player has a seat, in a match that is played. */
function play(resume: string | null = "t1"): void {
  start();
  sockets.last.open();
  sockets.last.receive({ ...WELCOME, seat: resume === null ? null : 0, resume });
  sockets.last.receive({
    type: "started",
    match: 7,
    seats: ["player", "bot"],
    names: [null, null],
  });
}

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
  play();
  heard = [];
  lag.dropShare = 0.6;
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

test("a server that never answers is given up, and so is one that falls silent to who only watches", () => {
  start();
  vi.advanceTimersByTime(5000);
  expect(ends).toEqual([[1006, true]]);
  play(null);
  vi.advanceTimersByTime(4999);
  expect(ends.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(ends).toEqual([
    [1006, true],
    [1006, true],
  ]);
  expect(sockets.last.closed).toBe(true);
  expect(turns).toEqual([]);
});

test("while a match is played half a second of silence is a loss, and else only what no ping wakes", () => {
  play();
  vi.advanceTimersByTime(499);
  expect(turns).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(turns).toEqual(["lost"]);
  play();
  sockets.last.receive({ type: "result", match: 7, winner: null, closes_in_ms: 10_000 });
  vi.advanceTimersByTime(2499);
  expect(turns).toEqual(["lost"]);
  vi.advanceTimersByTime(1);
  expect(turns).toEqual(["lost", "lost"]);
  expect(ends).toEqual([]);
});

test("on a long way a server that sends less is not lost for that", () => {
  play();
  const at = sockets.last.texts.at(-1)?.at ?? 0;
  sockets.last.receive({ type: "pong", at: at - 800 });
  vi.advanceTimersByTime(1500);
  expect(turns).toEqual([]);
  vi.advanceTimersByTime(100);
  expect(turns).toEqual(["lost"]);
});

test("a page that nobody sees, and whose pings wait, loses nothing where there is nothing to hear", () => {
  start();
  sockets.last.open();
  sockets.last.receive({ ...WELCOME, seat: 0, resume: "t1" });
  hidden = true;
  vi.advanceTimersByTime(60_000);
  expect([turns, ends]).toEqual([[], []]);
});

test("a connection that was left says nothing more", () => {
  play();
  heard = [];
  const first = sockets.last;
  start();
  expect(first.closed).toBe(true);
  first.receive({ type: "cancelled", match: 2, code: "fault" });
  first.end(1006);
  vi.advanceTimersByTime(1000);
  expect([heard, turns, ends]).toEqual([[], [], []]);
});

test.each([4009, 4010, 4011, 1008, 4005])("%i is told, and final", (code) => {
  play();
  sockets.last.end(code);
  vi.advanceTimersByTime(5000);
  expect(ends).toEqual([[code, false]]);
  expect(turns).toEqual([]);
  expect(sockets.opened.length).toBe(1);
});

test.each([1006, 1012, 4001, 4002])("a socket that is closed with %i is a loss at once", (code) => {
  play();
  sockets.last.end(code);
  expect(turns).toEqual(["lost"]);
  expect(sockets.opened.length).toBe(2);
});
