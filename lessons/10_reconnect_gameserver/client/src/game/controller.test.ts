import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GameController, type View } from "./controller";
import { type FakeGoat, FakeGameSockets, snapshot, TWO } from "./fake-game";
import { RULES } from "./rules/version";
import { sentence } from "./sentences";
import { NEUTRAL } from "./wire";

const SEATS = ["player", "bot"] as const;
const NAMES = ["Ada", null] as const;

let sockets: FakeGameSockets;
let controller: GameController;
let news = 0;
let told: unknown[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new FakeGameSockets();
  [news, told] = [0, []];
  const view: View = {
    status: () => {},
    news: () => news++,
    arrived: () => told.push("arrived"),
    turnedAway: ({ code, retryAfter }) => told.push([code, retryAfter]),
    over: (why) => told.push(why),
  };
  controller = new GameController(
    view,
    (path) => sockets.open(path),
    () => false,
  );
});

afterEach(() => {
  controller.leave();
  vi.useRealTimers();
});

const says = () => sentence(controller.status, false);

function go(role: "player" | "watcher" = "player"): void {
  controller.start(role, "/game/gs-1/ws", "a.b.c");
}

function play(seat: number | null = 0): void {
  go(seat === null ? "watcher" : "player");
  sockets.last.open();
  welcome(seat);
}

function welcome(seat: number | null): void {
  const size = { seats: 2, tick_rate: 20, rules: RULES };
  const resume = seat === null ? null : "0".repeat(32);
  const back = { resume, grace_ms: 20_000 };
  sockets.last.receive({ type: "welcome", server: "gs-1", match_id: "m", seat, ...size, ...back });
}

/** Snapshots come, one for each tick. */
function pass(from: number, ticks: number, goats = TWO): void {
  for (let tick = from; tick < from + ticks; tick++) {
    sockets.last.receive(snapshot(7, tick, goats));
    vi.advanceTimersByTime(50);
  }
}

function begin(match = 7): void {
  sockets.last.receive({ type: "started", match, seats: SEATS, names: NAMES });
}

test("from the way there to the result, the page says how it stands", () => {
  go();
  expect(says()).toMatch(/^On the way/);
  play();
  expect(told).toEqual(["arrived"]);
  const gathering = { type: "gathering", match: 7, starts_in_ms: 9000 };
  sockets.last.receive({ ...gathering, seats: ["player", "free"], names: NAMES });
  expect(says()).toBe("You are goat 1. Bots will play the one goat that is free.");
  expect(controller.status.phase).toMatchObject({ kind: "gathering" });
  begin();
  expect(says()).toBe("You are goat 1. Against you: 1 bot.");
  const seats = { seats: ["player", "player"], names: ["Ada", "zoë"] };
  sockets.last.receive({ type: "seats", match: 7, ...seats });
  expect(says()).toBe("You are goat 1. Against you: 1 player.");
  sockets.last.receive({ type: "result", match: 7, winner: 1, closes_in_ms: 10_000 });
  expect(says()).toBe("Zoë has won.");
  sockets.last.receive({ type: "result", match: 7, winner: 0, closes_in_ms: 10_000 });
  expect(says()).toBe("You have won!");
  sockets.last.end(4010);
  expect(says()).toBe("The match is over. You have won!");
  expect(told).toEqual(["arrived", says()]);
});

test("inputs are sent only while there is a goat to steer", () => {
  play();
  controller.act({ direction: 0, hold: false });
  expect(sockets.last.inputs).toEqual([]);
  begin();
  pass(1, 5);
  controller.act({ direction: 0, hold: false });
  pass(6, 2);
  expect(sockets.last.inputs.at(-1)?.slice(0, 3)).toEqual([1, 0, 0]);
  controller.act(NEUTRAL);
  pass(8, 2);
  expect(sockets.last.inputs.at(-1)?.slice(0, 3)).toEqual([1, 255, 0]);
  sockets.last.receive({ type: "result", match: 7, winner: null, closes_in_ms: 10_000 });
  const count = sockets.last.inputs.length;
  controller.act({ direction: 0, hold: true });
  vi.advanceTimersByTime(2000);
  expect(sockets.last.inputs.length).toBe(count);
});

test("whoever watches steers nothing", () => {
  play(null);
  begin();
  pass(1, 3);
  controller.act({ direction: 0, hold: true });
  vi.advanceTimersByTime(2000);
  expect(sockets.last.inputs).toEqual([]);
  expect(says()).toBe("You watch. 1 player and 1 bot play.");
});

test("the own goat goes where it is steered before the server says so", () => {
  play();
  begin();
  pass(1, 10);
  expect(controller.look()?.world.goats[0]?.x).toBe(-80);
  controller.act({ direction: 0, hold: false });
  // The snapshots on their way know nothing of that yet.
  pass(11, 2);
  expect(controller.look()?.world.goats[0]?.x).toBeGreaterThan(-80);
  expect(controller.newest?.goats[0]?.x).toBe(-80);
});

test("of many snapshots the newest counts, with what happened since the last look", () => {
  play();
  begin();
  pass(1, 1);
  expect(controller.look()?.certain).toEqual([]);
  const [fallen, stays]: FakeGoat[] = [{ x: 300, y: 0, lives: 2, ticksLeft: 40 }, ...TWO.slice(1)];
  if (!fallen || !stays) throw new Error("there are two goats");
  pass(2, 100, [{ ...fallen, ticksLeft: 1 }, stays]);
  const look = controller.look();
  expect(look?.certain).toEqual([{ kind: "fell", seat: 0, lives: 2 }]);
  expect(look?.happened).toEqual(look?.certain);
  expect(controller.newest?.tick).toBe(101);
  expect(controller.look()).toMatchObject({ happened: [], certain: [] });
  expect(news).toBe(101);
});

test("while nothing is heard the picture stands still, and no input is said", () => {
  play();
  begin();
  pass(1, 10);
  controller.act({ direction: 0, hold: false });
  vi.advanceTimersByTime(1000);
  expect(controller.status.lostSince).not.toBeNull();
  expect(controller.look()).toBeNull();
  const { inputs } = sockets.opened[0] ?? { inputs: [] };
  const count = inputs.length;
  vi.advanceTimersByTime(1000);
  expect(inputs.length).toBe(count);
  sockets.last.open();
  welcome(0);
  begin();
  expect(controller.status.lostSince).toBeNull();
  pass(50, 3);
  expect(sockets.last.inputs[0]?.slice(0, 3)).toEqual([1, 0, 0]);
  expect(told).toEqual(["arrived"]);
});

test("bytes that are no snapshot change nothing", () => {
  play();
  begin();
  sockets.last.receive(new ArrayBuffer(0));
  sockets.last.receive(new Uint8Array([2, 255, 255]).buffer);
  expect(controller.look()).toBeNull();
});

test("whoever is turned away learns why, and when to try again", () => {
  go();
  sockets.last.open();
  const error = { type: "error", code: "directory_away", error: "…", retry_after: 1 };
  sockets.last.receive(error);
  sockets.last.end(4008);
  expect(says()).toMatch(/^The game server cannot find out now/);
  expect(told).toEqual([["directory_away", 1]]);
});

test.each([
  "bad_ticket",
  "ticket_used",
  "ticket_expired",
  "clock",
  "another_server",
  "seat_lost",
  "match_over",
  "draining",
  "directory_away",
])("a ticket that is refused with %s has a sentence of its own", (code) => {
  const refused = (word: string) => {
    go();
    sockets.last.open();
    sockets.last.receive({ type: "error", code: word, error: "…" });
    sockets.last.end(4008);
    return says();
  };
  expect(refused(code)).not.toBe(refused("something_else"));
});

test("who watches is told why a connection ended, and what to do", () => {
  play(null);
  begin();
  sockets.last.end(1012);
  expect(says()).toBe("gs-1 was told to stop. You can watch another match.");
  expect(controller.status.phase.kind).toBe("off");
  expect(told).toEqual(["arrived", says()]);
});

test("where no game server answers, nobody has arrived", () => {
  go();
  sockets.last.end(1006);
  expect(says()).toBe("The game server of this match does not answer.");
  expect(told).toEqual([[null, null]]);
});

test("a page whose seat another page has taken over says so", () => {
  play();
  begin();
  sockets.last.end(4009);
  expect(says()).toBe("You play in another tab or window now.");
});

test("a match that a fault ended is told, and so is one that all players have left", () => {
  for (const [code, words] of [
    ["fault", /^This match ended by a fault of the server\./],
    ["deserted", /^All players have left this match\.$/],
  ] as const) {
    play();
    begin();
    sockets.last.receive({ type: "cancelled", match: 7, code, why: "…" });
    expect(says()).toMatch(words);
    sockets.last.end(4010);
    expect(says()).toMatch(words);
  }
});
