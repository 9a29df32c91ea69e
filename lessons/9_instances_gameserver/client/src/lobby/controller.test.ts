import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LobbyController } from "./controller";
import { ADA, BOB, FakeLobby, FakePage } from "./fake-lobby";
import { sentence } from "./sentences";

/** Whoever looks every second looks at least once in so long. In milliseconds. */
const LOOK_MS = 1600;

let lobby: FakeLobby;
let page: FakePage;
let controller: LobbyController;

beforeEach(async () => {
  vi.useFakeTimers({ now: 0 });
  await open();
});

afterEach(() => {
  controller.stop();
  vi.useRealTimers();
});

/** A page is opened. */
async function open(code: string | null = null): Promise<void> {
  controller?.stop();
  lobby = new FakeLobby();
  page = new FakePage();
  controller = new LobbyController(lobby.api, page, code, Date.now);
  await pass(0);
}

/** Time passes, and whatever is due is done. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

const says = () => sentence(controller.stand);
const PARTY = { code: "ABCD-EFGH", members: [ADA, BOB], size: 8 };
const HELD = { server: "gs-1", match: "m1", seat: 3, taken: false };

test("a party is made, friends come, and it is left", async () => {
  await controller.look();
  await controller.makeParty();
  expect(controller.stand.standing.party?.code).toBe("ABCD-EFGH");
  expect(says()).toBe("You have a party. Send your friends the link or the code.");
  lobby.party = PARTY;
  await pass(LOOK_MS);
  expect(says()).toBe("You are in a party with Bob. Anybody in it can begin.");
  await controller.leaveParty();
  expect(controller.stand.standing.party).toBeNull();
  expect(says()).toMatch(/^Butt the others off/);
});

test("who is in a party plays together, and who is in none alone", async () => {
  await controller.look();
  controller.play();
  await pass(0);
  expect(lobby.calls).toContain("POST /api/play {}");
  controller.arrived();
  await controller.leave("m1");
  lobby.party = PARTY;
  await controller.look();
  controller.play();
  await pass(0);
  expect(lobby.calls).toContain('POST /api/play {"party":"ABCD-EFGH"}');
  expect(page.entered.length).toBe(2);
});

test("a friend has begun: the page goes there by itself, once", async () => {
  lobby.party = PARTY;
  await controller.look();
  lobby.seat = HELD;
  await pass(LOOK_MS);
  expect(page.entered).toEqual([["a.b.c", "player"]]);
  await pass(5 * LOOK_MS);
  expect(page.entered.length).toBe(1);
  controller.arrived();
  await pass(5 * LOOK_MS);
  expect(page.entered.length).toBe(1);
});

test("a page that is hidden lets one go first that is seen", async () => {
  page.isHidden = true;
  lobby.party = PARTY;
  await controller.look();
  lobby.seat = HELD;
  await controller.look();
  expect(page.entered).toEqual([]);
  await pass(LOOK_MS);
  expect(page.entered.length).toBe(1);
});

test("a seat in which another tab sits is left to it", async () => {
  lobby.party = PARTY;
  lobby.seat = { ...HELD, taken: true };
  await controller.look();
  await pass(5 * LOOK_MS);
  expect(page.entered).toEqual([]);
});

test("whoever has left a match is not led back into it", async () => {
  lobby.party = PARTY;
  lobby.seat = HELD;
  await controller.look();
  await pass(0);
  controller.arrived();
  await controller.leave("m1");
  expect(lobby.count("DELETE /api/play")).toBe(1);
  // Somebody presses the button once more.
  lobby.seat = HELD;
  await pass(5 * LOOK_MS);
  expect(page.entered.length).toBe(1);
});

test("a seat that cannot be had is not tried for ever", async () => {
  lobby.party = PARTY;
  lobby.seat = HELD;
  await controller.look();
  await pass(0);
  controller.turnedAway({ code: "clock", retryAfter: null, why: "The clocks differ." });
  await pass(5 * LOOK_MS);
  expect(page.entered.length).toBe(1);
  expect(says()).toBe("The clocks differ.");
});

test("leaving works though the replica that is asked has just gone away", async () => {
  lobby.party = PARTY;
  await controller.look();
  lobby.troubles.set("DELETE /api/party", "away");
  const left = controller.leaveParty();
  await pass(700);
  expect(controller.stand.standing.party).toBeNull();
  lobby.troubles.clear();
  await pass(700);
  await left;
  expect(lobby.count("DELETE /api/party")).toBe(3);
  expect(controller.stand.standing.party).toBeNull();
});

test("a new party is made at once though the one before is still being left", async () => {
  lobby.party = PARTY;
  await controller.look();
  let answer = () => {};
  lobby.hold = new Promise((resolve) => {
    answer = resolve;
  });
  const left = controller.leaveParty();
  const made = controller.makeParty();
  await pass(0);
  expect(lobby.count("POST /api/party")).toBe(0);
  lobby.hold = null;
  answer();
  await Promise.all([left, made]);
  expect(controller.stand.standing.party?.members).toEqual([ADA]);
});

test("an answer from before a deed does not undo it", async () => {
  lobby.party = PARTY;
  await controller.look();
  let answer = () => {};
  lobby.hold = new Promise((resolve) => {
    answer = resolve;
  });
  const looks = controller.look();
  await pass(0);
  lobby.hold = null;
  await controller.leaveParty();
  answer();
  await looks;
  expect(controller.stand.standing.party).toBeNull();
});

test("a link is followed after the log-in, and then its code is used up", async () => {
  await open("abcd-efgh");
  lobby.player = null;
  await controller.look();
  expect(says()).toBe("Log in, and you join the party abcd-efgh.");
  expect(lobby.count("POST")).toBe(0);
  lobby.player = ADA;
  await pass(LOOK_MS);
  expect(lobby.calls).toContain('POST /api/party/join {"code":"abcd-efgh"}');
  expect(page.done).toEqual(["code used"]);
  expect(controller.stand.standing.party?.code).toBe("ABCD-EFGH");
});

test("a link to a party that is gone says so, and is not tried again", async () => {
  await open("ABCD-EFGH");
  lobby.troubles.set("POST /api/party/join", { status: 404, code: "no_such_party" });
  await controller.look();
  expect(says()).toMatch(/^There is no party with this code\./);
  await pass(5 * LOOK_MS);
  expect(lobby.count("POST")).toBe(1);
  expect(page.done).toEqual(["code used"]);
});

test("a link waits for a replica that is away", async () => {
  await open("ABCD-EFGH");
  lobby.troubles.set("POST /api/party/join", "away");
  await controller.look();
  expect(page.done).toEqual([]);
  lobby.troubles.clear();
  await pass(LOOK_MS);
  expect(controller.stand.standing.party).not.toBeNull();
});

test("whoever is not logged in is led there, and nothing is left of it afterwards", async () => {
  lobby.player = null;
  lobby.troubles.set("POST /api/play", { status: 401, code: "unauthorized" });
  await controller.look();
  controller.play();
  await pass(0);
  expect(page.done).toEqual(["log in"]);
  expect(says()).toMatch(/^Log in first/);
  lobby.player = ADA;
  await pass(LOOK_MS);
  expect(says()).toMatch(/^Butt the others off/);
});

test("somebody else logs in: nothing goes on that the one before wanted", async () => {
  lobby.troubles.set("POST /api/play", { status: 503, code: "full", retryAfter: 1 });
  await controller.look();
  controller.play();
  await pass(0);
  lobby.player = BOB;
  await pass(LOOK_MS);
  expect(controller.stand.asking).toBeNull();
});

test("a party that ends is told, but not to whom it ended with the match", async () => {
  lobby.party = PARTY;
  await controller.look();
  lobby.party = null;
  await pass(LOOK_MS);
  expect(says()).toBe("Your party has ended, and its code with it.");
  lobby.party = PARTY;
  await pass(2 * LOOK_MS + 3000);
  controller.play();
  await pass(0);
  controller.arrived();
  lobby.party = null;
  await pass(LOOK_MS);
  controller.over("The match is over. Bob has won.");
  expect(says()).toBe("The match is over. Bob has won.");
});

test("while nobody can say how it stands, the party stays, and the page says that it may be old", async () => {
  lobby.party = PARTY;
  await controller.look();
  lobby.troubles.set("GET /api/lobby", { status: 503, code: "matches_unavailable" });
  await pass(4 * LOOK_MS);
  expect(controller.stand.standing.party).not.toBeNull();
  expect(says()).toMatch(/^Nobody can say now/);
  lobby.troubles.clear();
  await pass(LOOK_MS);
  expect(says()).toMatch(/^You are in a party with Bob/);
});

test("whoever goes from one match to the next is led into it as from none", async () => {
  await controller.look();
  controller.play();
  await pass(0);
  controller.arrived();
  controller.play();
  await pass(0);
  controller.turnedAway({ code: "clock", retryAfter: null, why: "The clocks differ." });
  lobby.party = PARTY;
  lobby.seat = { ...HELD, match: "m2" };
  await pass(3000 + LOOK_MS);
  expect(page.entered.length).toBe(3);
});

test("a refusal is told until something else happens", async () => {
  lobby.troubles.set("POST /api/party/join", { status: 409, code: "party_full" });
  await controller.look();
  await controller.join("ABCD-EFGH");
  expect(says()).toBe("This party is full.");
  await pass(5 * LOOK_MS);
  expect(says()).toBe("This party is full.");
  await controller.makeParty();
  expect(says()).toMatch(/^You have a party/);
});

test("without a party and a wish, it is asked seldom, and by a hidden page not at all", async () => {
  await controller.look();
  const before = lobby.count("GET /api/lobby");
  await pass(30_000);
  const seldom = lobby.count("GET /api/lobby") - before;
  expect(seldom).toBeGreaterThanOrEqual(6);
  expect(seldom).toBeLessThanOrEqual(20);
  page.isHidden = true;
  await pass(30_000);
  expect(lobby.count("GET /api/lobby") - before).toBe(seldom);
});
