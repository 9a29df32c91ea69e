import { expect, test } from "vitest";
import type { LogRecord } from "./record";
import { summary } from "./summary";

const BLANK: LogRecord = {
  time: 0,
  who: "webserver-2",
  isTraefik: false,
  sentence: "",
  requestId: "r",
  traceId: null,
  status: 200,
  retries: 0,
  ms: null,
  parts: [],
  isBad: false,
};
const traefik = (ms: number, more: Partial<LogRecord> = {}) => ({
  ...BLANK,
  who: "Traefik",
  isTraefik: true,
  ms,
  ...more,
});
const replica = (
  ms: number,
  parts: Record<string, number> = {},
  more: Partial<LogRecord> = {},
) => ({
  ...BLANK,
  ms,
  parts: Object.entries(parts).map(([name, part]) => ({ name, ms: part })),
  ...more,
});

test("it says how long it took, whom that was waited for, and where", () => {
  expect(summary([replica(311, { sessions: 301, pubsub: 0.2 }), traefik(312.2)], "r")).toBe(
    "It took 312 ms, 301 of them waiting for the sessions' Redis, on webserver-2.",
  );
  expect(summary([replica(310, { matches: 200, sessions: 100 })], "r")).toBe(
    "It took 310 ms, 200 of them waiting for the matches' Redis and 100 for the sessions' Redis, on webserver-2.",
  );
});

test("what took no time worth a word is left out", () => {
  expect(summary([replica(4, { sessions: 0.3 }), traefik(4.4)], "r")).toBe(
    "It took 4 ms, on webserver-2.",
  );
});

test("it says nothing that the records do not say", () => {
  expect(summary([], "r")).toBe("");
  expect(summary([BLANK], "r")).toBe("");
  expect(summary([traefik(312)], "r")).toBe("It took 312 ms.");
  // Of what is not known to be a wait, nobody knows what it is.
  expect(summary([replica(312, { lunch: 300, constructor: 300 })], "r")).toBe(
    "It took 312 ms, on webserver-2.",
  );
  // A wait that was longer than the whole is no part of it.
  expect(summary([replica(100, { sessions: 300 })], "r")).toBe("It took 100 ms, on webserver-2.");
  // Nor is what another request of the same trace has taken.
  expect(summary([replica(900, {}, { requestId: "other" })], "r")).toBe("");
});

test("time that went by before the replica is not the replica's", () => {
  expect(summary([replica(3, { sessions: 2 }), traefik(900, { retries: 2 })], "r")).toBe(
    "It took 900 ms. webserver-2 had it for 3 of them. Traefik asked again 2 times.",
  );
});

test("a refusal is told", () => {
  expect(summary([replica(5, {}, { status: 503 })], "r")).toContain("The answer was 503.");
});

test("who else wrote of it is named, but not a crowd", () => {
  const other = (who: string) => ({ ...BLANK, who, requestId: null });
  const two = [replica(5), other("webserver-1"), other("webserver-1"), other("gs-1")];
  expect(summary([...two, other("webserver-2")], "r")).toBe(
    "It took 5 ms, on webserver-2. webserver-1 and gs-1 wrote of it, too.",
  );
  const crowd = Array.from({ length: 9 }, (_, n) => other(`w-${n}`));
  expect(summary([replica(5), ...crowd], "r")).toContain("w-0, w-1, w-2, w-3 and 5 more wrote");
});
