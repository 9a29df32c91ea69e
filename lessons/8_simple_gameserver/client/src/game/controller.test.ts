import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GameController } from "./controller";
import { type FakeGoat, FakeGameSockets, snapshot, TWO } from "./fake-game";
import { sentence } from "./sentences";
import { NEUTRAL } from "./wire";

const SEATS = ["player", "bot"] as const;

let sockets: FakeGameSockets;
let controller: GameController;
let news = 0;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new FakeGameSockets();
  news = 0;
  const view = { status: () => {}, news: () => news++ };
  controller = new GameController(
    view,
    () => sockets.open(),
    () => false,
  );
});

afterEach(() => {
  controller.leave();
  vi.useRealTimers();
});

const says = () => sentence(controller.status, false);

function play(seat: number | null = 0): void {
  controller.start(seat === null ? "watcher" : "player");
  sockets.last.open();
  sockets.last.receive({ type: "welcome", server: "gameserver-1", seat, seats: 2, tick_rate: 20 });
}

function begin(match = 7): void {
  sockets.last.receive({ type: "started", match, seats: SEATS });
}

test("from the button to the result, the page says how it stands", () => {
  expect(says()).toMatch(/^Butt the others off/);
  play();
  sockets.last.receive({
    type: "gathering",
    match: 7,
    starts_in_ms: 9000,
    seats: ["player", "free"],
  });
  expect(says()).toBe("You are goat 1. Bots will play the one goat that is free.");
  expect(controller.status.phase).toMatchObject({ kind: "gathering" });
  begin();
  expect(says()).toBe("You are goat 1. Against you: 1 bot.");
  sockets.last.receive({ type: "seats", match: 7, seats: ["player", "player"] });
  expect(says()).toBe("You are goat 1. Against you: 1 player.");
  sockets.last.receive({ type: "result", match: 7, winner: 1, next_in_ms: 5000 });
  expect(says()).toBe("Goat 2 has won.");
  sockets.last.receive({ type: "result", match: 7, winner: 0, next_in_ms: 5000 });
  expect(says()).toBe("You have won!");
});

test("inputs are sent only while there is a goat to steer", () => {
  play();
  controller.act({ direction: 0, hold: false });
  expect(sockets.last.inputs).toEqual([]);
  begin();
  controller.act({ direction: 0, hold: false });
  expect(sockets.last.inputs.at(-1)?.slice(0, 3)).toEqual([1, 0, 0]);
  controller.act(NEUTRAL);
  expect(sockets.last.inputs.at(-1)?.slice(0, 3)).toEqual([1, 255, 0]);
  sockets.last.receive({ type: "result", match: 7, winner: null, next_in_ms: 5000 });
  const count = sockets.last.inputs.length;
  controller.act({ direction: 0, hold: true });
  vi.advanceTimersByTime(2000);
  expect(sockets.last.inputs.length).toBe(count);
});

test("whoever watches steers nothing", () => {
  play(null);
  expect(says()).toBe("Nobody plays now. The next match will be seen here.");
  begin();
  controller.act({ direction: 0, hold: true });
  vi.advanceTimersByTime(2000);
  expect(sockets.last.inputs).toEqual([]);
  expect(says()).toBe("You watch. 1 player and 1 bot play.");
});

test("a player who came too late for this match waits for the next, and plays in that", () => {
  play();
  sockets.last.receive({ type: "waiting", match: 8 });
  begin(7);
  expect(says()).toBe("This match has no goat for you. In the next one you are goat 1.");
  // Until then it only says what it has seen.
  controller.act({ direction: 0, hold: true });
  expect(sockets.last.inputs.map((input) => input.slice(0, 3))).toEqual([[1, 255, 0]]);
  begin(8);
  controller.act({ direction: 0, hold: true });
  expect(sockets.last.inputs.at(-1)?.slice(0, 3)).toEqual([1, 0, 1]);
});

test("of many snapshots the newest is looked at, once, with what happened since the last look", () => {
  play();
  begin();
  sockets.last.receive(snapshot(7, 1, TWO));
  expect(controller.look()?.happened).toEqual([]);
  const [fallen, stays]: FakeGoat[] = [{ x: 300, y: 0, lives: 2, ticksLeft: 40 }, ...TWO.slice(1)];
  if (!fallen || !stays) throw new Error("there are two goats");
  for (let tick = 2; tick < 1200; tick++) {
    sockets.last.receive(snapshot(7, tick, [{ ...fallen, ticksLeft: 1 }, stays]));
  }
  const look = controller.look();
  expect(look?.world.tick).toBe(1199);
  expect(look?.happened).toEqual([{ kind: "fell", seat: 0, lives: 2 }]);
  expect(controller.look()).toBeNull();
  expect(news).toBe(1199);
});

test("bytes that are no snapshot change nothing", () => {
  play();
  begin();
  sockets.last.receive(new ArrayBuffer(0));
  sockets.last.receive(new Uint8Array([2, 255, 255]).buffer);
  expect(controller.look()).toBeNull();
});

test("the ninth is told that all seats are taken, and what else there is", () => {
  controller.start("player");
  sockets.last.open();
  sockets.last.receive({ type: "error", code: "full", error: "all seats are taken" });
  sockets.last.end(4006);
  expect(says()).toBe(
    "All seats of this match are taken by players. You can watch, or try again later.",
  );
});

test.each([
  [1012, "gameserver-1 was told to stop."],
  [1006, "The connection to gameserver-1 broke."],
  [1008, "gameserver-1 could not read what this page sent, and hung up."],
])("a connection that ends with %i says why, and that a bot plays on", (code, why) => {
  play();
  begin();
  sockets.last.end(code);
  expect(says()).toBe(
    `${why} If the match goes on, a bot plays your goat. Whoever comes back gets any goat that is free.`,
  );
  expect(controller.status.phase.kind).toBe("off");
});

test("where no game server answers, the page says that", () => {
  controller.start("player");
  sockets.last.end(1006);
  expect(says()).toBe("No game server answers. Try again in a while.");
});

test("a match that a fault ended is told, and the next one goes on as ever", () => {
  play();
  begin();
  sockets.last.receive({ type: "cancelled", match: 7, code: "fault", why: "…" });
  expect(says()).toBe("This match ended by a fault of the server. The next one begins soon.");
  begin(8);
  expect(says()).toBe("You are goat 1. Against you: 1 bot.");
});

test("whoever watches a match that all players leave is told that nobody plays", () => {
  controller.start("watcher");
  sockets.last.receive({
    type: "welcome",
    server: "gameserver-1",
    seat: null,
    seats: 2,
    tick_rate: 20,
  });
  begin();
  sockets.last.receive({ type: "cancelled", match: 7, code: "deserted", why: "…" });
  expect(says()).toBe("Nobody plays now. The next match will be seen here.");
});
