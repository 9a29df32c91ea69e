import { expect, test } from "vitest";
import { secondsSince } from "./waiting-time";
import { list, refusal } from "./sentences";

const CODES = [
  "unauthorized",
  "in_party",
  "not_in_party",
  "party_dissolved",
  "member_plays",
  "full",
  "no_servers",
  "party_match_full",
  "nothing_to_watch",
  "no_such_party",
  "party_full",
  "malformed_code",
  "matches_unavailable",
  "too_many_guesses",
];

test("each word of the web servers has a sentence of its own", () => {
  const of = (code: string) => refusal({ ok: false, code, status: 400, retryAfter: null });
  const all = [...CODES, "something_new"].map(of);
  expect(new Set(all).size).toBe(CODES.length + 1);
});

test("whoever guesses too much learns how long to wait", () => {
  const guesses = { ok: false, code: "too_many_guesses", status: 429, retryAfter: 40 } as const;
  expect(refusal(guesses)).toMatch(/ Try again in 40 s\.$/);
});

test("what a proxy says, and what nobody says, is told apart", () => {
  const silence = { ok: false, code: null, retryAfter: null } as const;
  expect(refusal({ ...silence, status: 0 })).not.toBe(refusal({ ...silence, status: 502 }));
});

test("names are put in a row", () => {
  expect(list([])).toBe("");
  expect(list(["Ada"])).toBe("Ada");
  expect(list(["Ada", "Bob", "Cem"])).toBe("Ada, Bob and Cem");
});

test("the first second of a wait is not counted", () => {
  expect(secondsSince(1000, 1999)).toBe("");
  expect(secondsSince(1000, 5100)).toBe("4 s");
});
