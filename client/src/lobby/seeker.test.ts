import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FakeLobby, TICKET } from "./fake-lobby";
import { Seeker } from "./seeker";

const FULL = { status: 503, code: "full", retryAfter: 2 };

let lobby: FakeLobby;
let seeker: Seeker;
let entered: string[] = [];
let failed: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  lobby = new FakeLobby();
  [entered, failed] = [[], []];
  const events = {
    changed: () => {},
    enter: ({ ticket }: { ticket: string }, role: string) => entered.push(`${role} ${ticket}`),
    failed: (why: string) => failed.push(why),
  };
  seeker = new Seeker(lobby.api, events, Date.now);
});

afterEach(async () => {
  await seeker.cancel();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const silence = { code: null, retryAfter: null, why: "The game server does not answer." };

test("there is a seat: it is taken, and it is known how long that took", async () => {
  seeker.start({ for: "alone" });
  expect(seeker.asking).toEqual({ for: "alone", since: 0, reason: "" });
  await pass(200);
  expect(entered).toEqual([`player ${TICKET.ticket}`]);
  expect(seeker.arrived()).toBe(200);
  expect(seeker.asking).toBeNull();
  expect(seeker.arrived()).toBeNull();
});

test("where all is full, it says so, and asks again when it was told to", async () => {
  lobby.troubles.set("POST /api/play", FULL);
  seeker.start({ for: "alone" });
  await pass(0);
  expect(seeker.asking?.reason).toMatch(/^All seats are taken\./);
  await pass(1999);
  expect(lobby.count("POST /api/play")).toBe(1);
  await pass(1);
  expect(lobby.count("POST /api/play")).toBe(2);
  lobby.troubles.clear();
  await pass(2000);
  expect(entered.length).toBe(1);
  expect(seeker.arrived()).toBe(4000);
});

test("however long the servers want it to wait, it keeps its place in the line", async () => {
  lobby.troubles.set("POST /api/play", { ...FULL, retryAfter: 60 });
  seeker.start({ for: "alone" });
  await pass(12_000);
  expect(lobby.count("POST /api/play")).toBe(4);
});

test.each([
  ["away" as const, /^No web server answers\.$/],
  [{ status: 503, code: "matches_unavailable" }, /^The directory of matches does not answer/],
  [{ status: 429, code: "too_many_requests", retryAfter: 1 }, /Try again in 1 s\.$/],
])("what is over by itself is waited for: %j", async (trouble, words) => {
  lobby.troubles.set("POST /api/play", trouble);
  seeker.start({ for: "alone" });
  await pass(3500);
  expect(seeker.asking?.reason).toMatch(words);
  expect(lobby.count("POST /api/play")).toBe(4);
  expect(failed).toEqual([]);
});

test.each([
  [401, "unauthorized"],
  [403, "not_in_party"],
  [409, "member_plays"],
  [410, "party_dissolved"],
])("%i %s is an answer, and ends it", async (status, code) => {
  lobby.troubles.set("POST /api/play", { status, code });
  seeker.start({ for: "party", code: "ABCD-EFGH" });
  await pass(10_000);
  expect(lobby.calls).toEqual(['POST /api/play {"party":"ABCD-EFGH"}']);
  expect(failed.length).toBe(1);
  expect(seeker.asking).toBeNull();
});

test("whoever cancels gives back what was given meanwhile", async () => {
  let answer = () => {};
  lobby.hold = new Promise((resolve) => {
    answer = resolve;
  });
  seeker.start({ for: "alone" });
  await pass(0);
  const cancelled = seeker.cancel();
  lobby.hold = null;
  await pass(1000);
  expect(lobby.calls).toEqual(["POST /api/play {}"]);
  answer();
  await cancelled;
  expect(lobby.calls).toEqual(["POST /api/play {}", "DELETE /api/play"]);
  expect(lobby.seat).toBeNull();
  expect(entered).toEqual([]);
});

test("a new wish after that keeps its seat", async () => {
  seeker.start({ for: "alone" });
  const cancelled = seeker.cancel();
  seeker.start({ for: "alone" });
  await cancelled;
  await pass(0);
  expect(lobby.calls.at(-1)).toBe("POST /api/play {}");
  expect(entered.length).toBe(1);
  expect(lobby.seat).not.toBeNull();
});

test("a dead game server is given up as soon as the directory knows that it is dead", async () => {
  seeker.start({ for: "alone" });
  await pass(0);
  for (let tries = 0; tries < 4; tries++) {
    seeker.turnedAway(silence);
    expect(seeker.asking?.reason).toBe(silence.why);
    await pass(1000);
  }
  expect(entered.length).toBe(5);
  expect(seeker.arrived()).toBe(4000);
});

test("a system that seats nobody, though it says so, is not asked for ever", async () => {
  seeker.start({ for: "alone" });
  await pass(0);
  while (seeker.asking !== null) {
    seeker.turnedAway(silence);
    await pass(1000);
  }
  expect(failed).toEqual([silence.why]);
  expect(entered.length).toBeLessThanOrEqual(10);
});

test.each(["bad_ticket", "another_server", "clock"])(
  "of %s another ticket makes nothing better",
  async (code) => {
    seeker.start({ for: "alone" });
    await pass(0);
    seeker.turnedAway({ code, retryAfter: null, why: "It is so." });
    expect(failed).toEqual(["It is so."]);
  },
);

test("who only wants to see has no seat to give back", async () => {
  seeker.start({ for: "watch" });
  await pass(0);
  expect(entered).toEqual([`watcher ${TICKET.ticket}`]);
  await seeker.cancel();
  expect(lobby.calls).toEqual(["POST /api/watch {}"]);
});
