import { expect, test } from "vitest";
import { RULES } from "./rules/version";
import { endOf, sentence } from "./sentences";
import { after, off, type Status } from "./status";
import type { Occupant } from "./wire";

const seats: Occupant[] = ["player", "player", "away", "bot", "bot"];
const STATUS: Status = {
  ...off(""),
  phase: { kind: "playing" },
  server: "gs-1",
  matchId: "m1",
  seat: 0,
  seats,
  rules: RULES,
};
const WELCOME = {
  type: "welcome",
  server: "gs-1",
  seat: 0,
  seats: 5,
  tickRate: 20,
  resume: "t2",
  graceMs: 20_000,
  rules: RULES,
} as const;

test("who plays, who is away, and which goats bots play", () => {
  expect(sentence(STATUS, false)).toBe(
    "You are goat 1. Against you: 1 player, 1 absent player and 2 bots.",
  );
});

test("while the page tries to come back, it says so, and nothing that may be otherwise by now", () => {
  for (const isOut of [false, true]) {
    expect(sentence({ ...STATUS, lostSince: 5000 }, isOut)).toMatch(/^Connection lost\./);
  }
});

test("back in its match the page knows what it knew, and in another one nothing", () => {
  const lost = { ...STATUS, lostSince: 5000 };
  expect(after(lost, { ...WELCOME, matchId: "m1" }, 9000)).toMatchObject({
    phase: { kind: "playing" },
    seats,
    lostSince: null,
  });
  expect(after(lost, { ...WELCOME, matchId: "m2" }, 9000)).toMatchObject({
    phase: { kind: "idle" },
    seats: ["free", "free", "free", "free", "free"],
    lostSince: null,
  });
});

test("a match by other rules than the page has is told", () => {
  expect(sentence({ ...STATUS, rules: RULES + 1 }, false)).toMatch(/ other rules than this page/);
});

test("what ends a match says whether the seat is kept, gone, or somewhere else", () => {
  const of = (code: number) => endOf(code, null, STATUS, false);
  expect(of(4009)).toBe("You play in another tab or window now.");
  expect(of(1008)).toMatch(/^gs-1 could not read .* Your seat is kept/);
  expect(of(1006)).toMatch(/^The connection to gs-1 broke\. It is gone, and your match with it\./);
  const refused = (code: string) => endOf(4008, { code, retryAfter: null }, STATUS, false);
  expect(refused("resume_refused")).toBe(of(4009));
  expect(refused("seat_lost")).toMatch(/^Your seat is gone\./);
});
