/** The connection of a match that is lost, and how it comes back. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GameConnection } from "./connection";
import { FakeLobby } from "../lobby/fake-lobby";
import { FakeGameSockets, snapshot, TWO } from "./fake-game";
import { type Lag, noLag } from "./lag";
import type { ServerFrame } from "./wire";

let sockets: FakeGameSockets;
let lobby: FakeLobby;
let lag: Lag;
let turns: string[] = [];
let connection: GameConnection;

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  sockets = new FakeGameSockets();
  lobby = new FakeLobby();
  lobby.seat = { server: "gs-1", match: "m1", seat: 0, taken: true };
  lag = noLag();
  turns = [];
  const events = {
    frame: (frame: ServerFrame) => turns.push(frame.type),
    snapshot: () => turns.push("snapshot"),
    lost: () => turns.push("lost"),
    back: () => turns.push("back"),
    ended: (code: number) => turns.push(`ended ${code}`),
    hidden: () => false,
  };
  connection = new GameConnection(
    (path) => sockets.open(path),
    events,
    lag,
    Date.now,
    () => 0.5,
    lobby.api,
  );
  connection.start("/game/gs-1/ws", "a.b.c");
  sockets.last.open();
  welcome(0, "t1");
  sockets.last.receive({
    type: "started",
    match: 7,
    seats: ["player", "bot"],
    names: [null, null],
  });
  turns = [];
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

/** A socket that was opened, by its number. */
function socket(n: number) {
  const opened = sockets.opened[n];
  if (opened === undefined) throw new Error(`there are only ${sockets.opened.length}`);
  return opened;
}

function welcome(n: number, resume: string): void {
  const size = { seats: 2, tick_rate: 20 };
  const welcome = { type: "welcome", server: "gs-1", match_id: "m1", seat: 0, ...size };
  socket(n).receive({ ...welcome, resume, grace_ms: 20_000, rules: 1 });
}

const resumes = (n: number) => socket(n).texts.filter(({ type }) => type === "resume");
const alive = () => sockets.opened.filter(({ closed }) => !closed).length;
const RESUME = { type: "resume", match_id: "m1", seat: 0, token: "t1" };

test("the network is back: the first try that comes through has the seat, and the old socket is closed", () => {
  vi.advanceTimersByTime(750);
  expect(sockets.opened.length).toBe(4);
  socket(3).open();
  expect(resumes(3)).toEqual([RESUME]);
  welcome(3, "t2");
  expect(turns).toEqual(["lost", "welcome", "back"]);
  expect(sockets.opened.map(({ closed }) => closed)).toEqual([true, true, true, false]);
  socket(3).receive(snapshot(7, 1, TWO));
  connection.input(new Uint8Array(8));
  expect(turns.at(-1)).toBe("snapshot");
  expect(socket(3).inputs.length).toBe(1);
  // The next loss is healed with the next token.
  vi.advanceTimersByTime(5000);
  sockets.last.open();
  expect(resumes(sockets.opened.length - 1)).toEqual([{ ...RESUME, token: "t2" }]);
});

test("one try after the other, ten a second, because a browser opens no two at a time; each tenth has more time", () => {
  vi.advanceTimersByTime(500 + 950);
  expect(sockets.opened.length).toBe(1 + 10);
  expect(alive()).toBe(2);
  vi.advanceTimersByTime(400);
  expect(sockets.opened.length).toBe(1 + 10);
  vi.advanceTimersByTime(100);
  expect(sockets.opened.length).toBe(1 + 11);
});

test("on a long way a try has the time that it takes to open one", () => {
  connection.input(new Uint8Array(8));
  vi.advanceTimersByTime(300);
  socket(0).receive({ type: "pong", at: 1000 });
  expect(connection.roundTripMs).toBe(300);
  vi.advanceTimersByTime(600 + 1190);
  expect(sockets.opened.length).toBe(1 + 2);
});

test("whoever is away for long asks more and more seldom, at most every three seconds", () => {
  vi.advanceTimersByTime(15_000);
  const before = sockets.opened.length;
  vi.advanceTimersByTime(60_000);
  const tries = sockets.opened.length - before;
  expect(tries).toBeGreaterThanOrEqual(19);
  expect(tries).toBeLessThanOrEqual(21);
});

test("after a welcome it begins anew, but a server that sends everybody away again is not hammered", () => {
  for (let turn = 0; turn < 600; turn++) {
    if (sockets.last.readyState === 0) {
      sockets.last.open();
      welcome(sockets.opened.length - 1, "t2");
    }
    if (sockets.last.readyState === 1) sockets.last.end(1006);
    vi.advanceTimersByTime(100);
  }
  expect(sockets.opened.length).toBeGreaterThanOrEqual(1 + 10);
  expect(sockets.opened.length).toBeLessThanOrEqual(1 + 15);
});

test("nor is one that takes the page's sockets and closes them without a word", () => {
  vi.advanceTimersByTime(500);
  for (let turn = 0; turn < 600; turn++) {
    if (sockets.last.readyState === 0 && !sockets.last.closed) {
      sockets.last.open();
      sockets.last.end(1006);
    }
    vi.advanceTimersByTime(100);
  }
  expect(sockets.opened.length).toBeGreaterThanOrEqual(1 + 10);
  expect(sockets.opened.length).toBeLessThanOrEqual(1 + 15);
});

test("where the first socket speaks before a try was heard, it stays", () => {
  vi.advanceTimersByTime(650);
  expect(alive()).toBe(2);
  socket(0).receive(snapshot(7, 1, TWO));
  expect(turns).toEqual(["lost", "back", "snapshot"]);
  expect(alive()).toBe(1);
  vi.advanceTimersByTime(400);
  expect(sockets.opened.length).toBe(3);
});

test("once a try has asked for the seat, what comes from the old socket is old", () => {
  vi.advanceTimersByTime(500);
  socket(1).open();
  socket(0).receive(snapshot(7, 1, TWO));
  socket(0).end(4009);
  expect(turns).toEqual(["lost"]);
  welcome(1, "t2");
  expect(turns).toEqual(["lost", "welcome", "back"]);
});

test("of several that are open only one asks, and the next one if there is no answer", () => {
  vi.advanceTimersByTime(500);
  for (const n of [1, 2, 3]) {
    socket(n).open();
    vi.advanceTimersByTime(100);
  }
  expect([1, 2, 3].map((n) => resumes(n).length)).toEqual([1, 0, 0]);
  vi.advanceTimersByTime(200);
  expect([1, 2, 3].map((n) => resumes(n).length)).toEqual([1, 0, 1]);
  welcome(3, "t2");
  expect(alive()).toBe(1);
  // The one that asked first was late, and the server took the seat for it after all.
  socket(3).end(4009);
  expect(turns).toEqual(["lost", "welcome", "back", "lost"]);
  vi.advanceTimersByTime(300);
  sockets.last.open();
  vi.advanceTimersByTime(500);
  welcome(sockets.opened.length - 1, "t3");
  expect(turns.slice(-2)).toEqual(["welcome", "back"]);
});

test("answers that get lost cost nothing but time: the same token is shown again", () => {
  for (let turn = 0; turn < 12; turn++) {
    vi.advanceTimersByTime(250);
    for (const one of sockets.opened) if (one.readyState === 0 && !one.closed) one.open();
  }
  const said = sockets.opened.flatMap(({ texts }) => texts.filter(({ type }) => type === "resume"));
  expect(said.length).toBeGreaterThanOrEqual(4);
  expect(said.every((one) => JSON.stringify(one) === JSON.stringify(RESUME))).toBe(true);
});

test.each([
  ["resume_refused", 4008],
  ["seat_lost", 4008],
  ["match_over", 4010],
])("%s ends it, unless the web servers know better", async (code, end) => {
  vi.advanceTimersByTime(500);
  socket(1).open();
  socket(1).receive({ type: "error", code, error: "…" });
  await vi.advanceTimersByTimeAsync(0);
  expect(turns).toEqual(["lost", "error", `ended ${end}`]);
  expect(alive()).toBe(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(sockets.opened.length).toBe(2);
});

test.each(["there is no seat", "nobody answers"])("and also if %s", async (answer) => {
  lobby.seat = null;
  if (answer === "nobody answers") lobby.troubles.set("GET /api/lobby", "away");
  vi.advanceTimersByTime(500);
  socket(1).open();
  socket(1).receive({ type: "error", code: "match_over", error: "…" });
  await vi.advanceTimersByTimeAsync(0);
  expect(turns).toEqual(["lost", "error", "ended 4010"]);
});

test("that a server answers pings does not mean that it plays", () => {
  vi.advanceTimersByTime(500);
  socket(0).receive({ type: "pong", at: 1000 });
  expect(turns).toEqual(["lost"]);
  socket(0).receive(snapshot(7, 1, TWO));
  expect(turns).toEqual(["lost", "back", "snapshot"]);
});

test("a server that lets nobody in now is asked again", () => {
  vi.advanceTimersByTime(500);
  socket(1).open();
  socket(1).receive({ type: "error", code: "draining", error: "…" });
  socket(1).end(4008);
  vi.advanceTimersByTime(100);
  expect(sockets.opened.length).toBe(3);
});

test("after a freeze there is a new socket within 300 ms, unless the old one speaks", () => {
  for (const speaks of [true, false]) {
    const before = sockets.opened.length;
    vi.setSystemTime(Date.now() + 25_000);
    vi.advanceTimersByTime(500);
    if (speaks) socket(0).receive(snapshot(7, 1, TWO));
    vi.advanceTimersByTime(100);
    expect(sockets.opened.length - before).toBe(speaks ? 0 : 2);
  }
});

test.each([800, 2000, 5000])(
  "a cut of %i ms: the page asks for its seat as soon as the network is back",
  (cutMs) => {
    vi.advanceTimersByTime(100);
    lag.cut = { from: Date.now(), until: Date.now() + cutMs };
    for (let ms = 0; ms < cutMs; ms += 50) {
      // The server is there, and what it says does not get here.
      socket(0).receive(snapshot(7, ms, TWO));
      for (const one of sockets.opened) if (one.readyState === 0 && !one.closed) one.open();
      expect(
        sockets.opened.flatMap(({ texts }) => texts).some(({ type }) => type === "resume"),
      ).toBe(false);
      vi.advanceTimersByTime(50);
    }
    // The try of this moment was closed already, or the next one is on its way.
    for (let ms = 0; ms < 100; ms += 10) {
      for (const one of sockets.opened) if (one.readyState === 0 && !one.closed) one.open();
      vi.advanceTimersByTime(10);
    }
    const asked = sockets.opened.findIndex(({ texts }) =>
      texts.some(({ type }) => type === "resume"),
    );
    expect(asked).toBeGreaterThan(0);
    welcome(asked, "t2");
    expect(turns).toEqual(["lost", "welcome", "back"]);
  },
);
