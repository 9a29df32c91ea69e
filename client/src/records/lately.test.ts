import { expect, test } from "vitest";
import { Lately, SLOW_MS } from "./lately";

const ANSWER = {
  method: "GET",
  path: "/api/me",
  status: 200,
  replica: "webserver-2",
  requestId: "r",
  ms: 4,
};

test("what is slow or a refusal is kept, and nothing else", () => {
  const lately = new Lately();
  expect(lately.heard(ANSWER)).toBe(false);
  expect(lately.heard({ ...ANSWER, requestId: "slow", ms: SLOW_MS })).toBe(true);
  expect(lately.heard({ ...ANSWER, requestId: "refused", status: 503 })).toBe(true);
  expect(lately.all).toMatchObject([
    { requestId: "refused", n: 2 },
    { requestId: "slow", n: 1 },
  ]);
});

test("what has no id, or one that cannot be looked for, leads nowhere", () => {
  const lately = new Lately();
  for (const requestId of [null, "", 'x" or *', "x".repeat(65)]) {
    expect(lately.heard({ ...ANSWER, status: 503, requestId })).toBe(false);
  }
  expect(lately.all).toEqual([]);
});

test("only the five newest are kept", () => {
  const lately = new Lately();
  for (let n = 1; n <= 7; n++) lately.heard({ ...ANSWER, status: 503, requestId: `r${n}` });
  expect(lately.all.map(({ requestId }) => requestId)).toEqual(["r7", "r6", "r5", "r4", "r3"]);
});
