/** A match that goes on on another server: the page follows it there, by what the web servers say. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeLobby } from "../lobby/fake-lobby";
import { GameConnection } from "./connection";
import { FakeGameSockets, snapshot, TWO } from "./fake-game";
import { noLag } from "./lag";
import type { ServerFrame } from "./wire";

/** The close code of a server that has handed the match over. */
const MOVED = 4012;

const SEAT = { server: "gs-1", match: "m1", seat: 0, taken: true };
const ADMISSION = { match: "m1", seat: 0, ticket: "d.e.f", hold_ms: 15_000 };

let sockets: FakeGameSockets;
let lobby: FakeLobby;
let turns: string[] = [];
let chance = 0.5;
let connection: GameConnection;

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
  sockets = new FakeGameSockets();
  lobby = new FakeLobby();
  lobby.seat = { ...SEAT };
  [turns, chance] = [[], 0.5];
  const events = {
    frame: (frame: ServerFrame) => turns.push(frame.type),
    snapshot: () => turns.push("snapshot"),
    lost: (isMoving: boolean) => turns.push(isMoving ? "moving" : "lost"),
    back: () => turns.push("back"),
    ended: (code: number) => turns.push(`ended ${code}`),
    hidden: () => false,
  };
  connection = new GameConnection(
    (path) => sockets.open(path),
    events,
    noLag(),
    Date.now,
    () => chance,
    lobby.api,
  );
  connection.start("/game/gs-1/ws", "a.b.c");
  sockets.last.open();
  welcome("gs-1", 1);
  turns = [];
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const asks = () => lobby.count("GET /api/lobby");
const tickets = () => lobby.count("POST /api/play");
const alive = () => sockets.opened.filter(({ closed }) => !closed).length;

/** The server that was asked last lets the page in, to a match that is played. */
function welcome(server: string, epoch: number): void {
  const size = { seats: 2, tick_rate: 20, rules: 1, grace_ms: 20_000 };
  const who = { server, match_id: "m1", epoch, seat: 0, resume: `t-${server}` };
  sockets.last.receive({ type: "welcome", ...who, ...size });
  const seats = { seats: ["player", "bot"], names: [null, null] };
  sockets.last.receive({ type: "started", match: 7, ...seats });
}

/** The match is on this server from now on. */
function moveTo(server: string): void {
  lobby.seat = { ...SEAT, server };
  lobby.admission = { ...ADMISSION, server, path: `/game/${server}/ws` };
}

test("told that its match has moved, the page goes after it with a ticket", async () => {
  moveTo("gs-2");
  sockets.last.end(MOVED);
  expect(turns).toEqual(["moving"]);
  expect(alive()).toBe(0);
  await pass(100);
  expect([asks(), tickets()]).toEqual([1, 1]);
  expect(sockets.paths).toEqual(["/game/gs-1/ws", "/game/gs-2/ws"]);
  sockets.last.open();
  expect(sockets.last.texts).toEqual([{ type: "enter", ticket: "d.e.f" }]);
  welcome("gs-2", 2);
  expect(turns).toEqual(["moving", "welcome", "back", "started"]);
  connection.input(new Uint8Array(8));
  expect(sockets.last.inputs.length).toBe(1);
  // From here on it comes back there.
  sockets.last.end(1006);
  expect(sockets.paths.at(-1)).toBe("/game/gs-2/ws");
  sockets.last.open();
  expect(sockets.last.texts[0]).toMatchObject({ type: "resume", token: "t-gs-2" });
});

test.each([0, 0.999])("all who are told at once ask within 200 ms: chance %d", async (by) => {
  chance = by;
  moveTo("gs-2");
  sockets.last.end(MOVED);
  await pass(200 * by);
  expect(asks()).toBe(1);
});

test("a server that died: after a second somebody is asked, and while the match moves, again and again", async () => {
  sockets.last.end(1006);
  await pass(999);
  expect(asks()).toBe(0);
  await pass(1);
  expect(asks()).toBe(1);
  expect(turns).toEqual(["lost"]);
  // Its lease is over, and nobody has taken it over yet.
  lobby.seat = { ...SEAT, moving: true };
  await pass(500);
  expect(turns).toEqual(["lost", "moving"]);
  await pass(1000);
  expect(asks()).toBe(6);
  moveTo("gs-2");
  await pass(250);
  sockets.last.open();
  welcome("gs-2", 2);
  expect(turns.slice(2)).toEqual(["welcome", "back", "started"]);
  expect(alive()).toBe(1);
  await pass(400);
  expect([asks(), tickets()]).toEqual([7, 1]);
});

test("a match that moves for long is asked for once a second", async () => {
  lobby.seat = { ...SEAT, moving: true };
  sockets.last.end(MOVED);
  await pass(10_000);
  const before = asks();
  await pass(20_000);
  expect(asks() - before).toBe(20);
  expect(turns).toEqual(["moving"]);
});

test("a server that only fell silent is come back to, and nobody is asked for a ticket", async () => {
  await pass(2500);
  expect(asks()).toBeGreaterThan(1);
  const [first] = sockets.opened;
  first?.receive(snapshot(7, 1, TWO));
  expect(turns).toEqual(["lost", "back", "snapshot"]);
  expect(tickets()).toBe(0);
  const before = asks();
  await pass(400);
  expect(asks()).toBe(before);
});

test("once the match is known to be elsewhere, what the server of before says is old", async () => {
  await pass(1400);
  moveTo("gs-2");
  await pass(600);
  const [first] = sockets.opened;
  expect(first?.closed).toBe(true);
  expect(sockets.paths.at(-1)).toBe("/game/gs-2/ws");
  first?.receive(snapshot(7, 1, TWO));
  expect(turns).toEqual(["lost", "moving"]);
  const opened = sockets.opened.length;
  await pass(1000);
  expect(sockets.opened.length).toBe(opened);
});

test("a server that was frozen while its match moved is not believed", async () => {
  await pass(500);
  moveTo("gs-2");
  sockets.last.open();
  sockets.last.receive({ type: "error", code: "match_over", error: "…" });
  sockets.last.end(4008);
  await pass(0);
  expect(sockets.paths.at(-1)).toBe("/game/gs-2/ws");
  sockets.last.open();
  welcome("gs-2", 2);
  expect(turns).toEqual(["lost", "error", "moving", "welcome", "back", "started"]);
});

test("a page in a party shows its code, and one that sits apart from it does not", async () => {
  lobby.party = { code: "ABCD-EFGH", members: [], size: 8 };
  moveTo("gs-2");
  sockets.last.end(MOVED);
  await pass(100);
  expect(lobby.calls).toContain('POST /api/play {"party":"ABCD-EFGH"}');
  sockets.last.open();
  welcome("gs-2", 2);
  moveTo("gs-3");
  lobby.troubles.set("POST /api/play", { status: 409, code: "member_plays" });
  sockets.last.end(MOVED);
  await pass(300);
  lobby.troubles.clear();
  await pass(300);
  expect(lobby.calls).toContain("POST /api/play {}");
  expect(sockets.paths.at(-1)).toBe("/game/gs-3/ws");
});

test("a ticket that did not work is followed by another one", async () => {
  moveTo("gs-2");
  sockets.last.end(MOVED);
  await pass(100);
  sockets.last.open();
  sockets.last.receive({ type: "error", code: "ticket_expired", error: "…" });
  sockets.last.end(4008);
  await pass(300);
  expect(tickets()).toBe(2);
  // And one that nobody takes.
  await pass(2000 + 600);
  expect(tickets()).toBe(3);
  expect(alive()).toBe(1);
});

test("a seat that is gone ends it, though not at the first word", async () => {
  lobby.seat = null;
  sockets.last.end(1006);
  await pass(2900);
  expect(turns).toEqual(["lost"]);
  await pass(700);
  expect(turns).toEqual(["lost", "ended 1006"]);
  expect(alive()).toBe(0);
  const before = asks();
  await pass(5000);
  expect(asks()).toBe(before);
});

test("a seat in another match is no seat in this one, and one that was given by mistake is given back", async () => {
  lobby.seat = { ...SEAT, match: "m2" };
  sockets.last.end(MOVED);
  await pass(3000);
  expect(turns).toEqual(["moving", "ended 4012"]);
  expect(tickets()).toBe(0);
});

test("who asks for the seat in the moment in which the match ends does not land in another one", async () => {
  moveTo("gs-2");
  lobby.admission = { ...ADMISSION, server: "gs-3", path: "/game/gs-3/ws", match: "m2" };
  sockets.last.end(MOVED);
  await pass(100);
  expect(turns).toEqual(["moving", "ended 4012"]);
  expect(lobby.count("DELETE /api/play")).toBe(1);
  expect(alive()).toBe(0);
});

test("whoever comes back too late is told who has won, though the match has no server any more", async () => {
  lobby.seat = null;
  lobby.result = { winner: 1, tick: 1204, cancelled: null };
  sockets.last.end(MOVED);
  await pass(100);
  expect(turns).toEqual(["moving", "result", "ended 4010"]);
  expect(alive()).toBe(0);
  expect(tickets()).toBe(0);
});

test("a match that has ended without a result is told to be cancelled, also to whoever was to be given another seat", async () => {
  moveTo("gs-2");
  lobby.admission = { ...ADMISSION, server: "gs-3", path: "/game/gs-3/ws", match: "m2" };
  lobby.result = { winner: null, tick: 70, cancelled: "unrecoverable" };
  sockets.last.end(MOVED);
  await pass(100);
  expect(turns).toEqual(["moving", "cancelled", "ended 4010"]);
  expect(lobby.count("DELETE /api/play")).toBe(1);
});

test("servers that hand a match on and on are followed fifteen times a minute at most", async () => {
  for (let turn = 0; turn < 600; turn++) {
    moveTo(`gs-${turn}`);
    if (sockets.last.readyState === 0) {
      sockets.last.open();
      welcome(`gs-${turn}`, turn);
    }
    if (sockets.last.readyState === 1) sockets.last.end(MOVED);
    await pass(100);
  }
  expect(sockets.opened.length).toBeGreaterThanOrEqual(1 + 10);
  expect(sockets.opened.length).toBeLessThanOrEqual(1 + 15);
});

test("while no web server answers the page goes on trying", async () => {
  lobby.troubles.set("GET /api/lobby", "away");
  sockets.last.end(1006);
  await pass(10_000);
  expect(turns).toEqual(["lost"]);
  sockets.last.open();
  welcome("gs-1", 1);
  expect(turns).toEqual(["lost", "welcome", "back", "started"]);
});
