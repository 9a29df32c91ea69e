import { expect, test } from "vitest";
import type { Call } from "../net/api";
import { describe as inWords, milliseconds, NOBODY, Strip, WINDOW } from "./strip";

function call(replica: string | null, status = 200): Call {
  return { method: "GET", path: "/api/whoami", status, replica, ms: 3, automatic: true };
}

function strip(...replicas: (string | null)[]): Strip {
  const made = new Strip();
  for (const replica of replicas) made.add(...inWords(call(replica), false));
  return made;
}

test("lanes are sorted as people count, and nobody's comes last", () => {
  const lanes = strip("webserver-10", null, "webserver-2", "webserver-1").lanes();
  expect(lanes.map(({ name }) => name)).toEqual([
    "webserver-1",
    "webserver-2",
    "webserver-10",
    NOBODY,
  ]);
  expect(lanes.map(({ ago }) => ago)).toEqual([0, 1, 3, 2]);
});

test("a replica that does not answer in its turn for long is silent, one that is late is not", () => {
  const others = (times: number) => Array.from({ length: times }, () => ["a", "b"]).flat();
  const silent = (made: Strip) => made.lanes().filter((lane) => lane.silent);
  expect(silent(strip("c", ...others(7)))).toEqual([]);
  expect(silent(strip("c", ...others(8)))).toMatchObject([{ name: "c" }]);
});

test("a replica that left the strip has no lane", () => {
  const made = strip("gone", ...Array.from({ length: WINDOW }, () => "here"));
  expect(made.lanes().map(({ name }) => name)).toEqual(["here"]);
  expect(made.columns).toHaveLength(WINDOW);
  expect(made.columns[0]?.n).toBe(1);
});

test("the system is away when nobody answers again and again, and back with the first answer", () => {
  expect(strip("a", null).away).toBe(false);
  expect(strip("a", null, null).away).toBe(true);
  expect(strip("a", null, null, "b").away).toBe(false);
});

test("a call is told in words and as a mark", () => {
  expect(inWords(call("a"), false)).toEqual([
    [{ lane: "a", look: "answered", big: false }],
    "GET /api/whoami: 200 from a, 3 ms",
  ]);
  expect(inWords({ ...call("a"), automatic: false }, true)).toEqual([
    [{ lane: "a", look: "forgotten", big: true }],
    "GET /api/whoami: 200 from a, 3 ms, does not know you",
  ]);
  expect(inWords(call("a", 422), false)[0][0]?.look).toBe("refused");
  expect(inWords(call(null, 502), false)).toEqual([
    [{ lane: NOBODY, look: "nobody", big: false }],
    "GET /api/whoami: 502 without a replica",
  ]);
  expect(inWords(call(null, 0), false)[1]).toBe("GET /api/whoami: no answer");
});

test("durations are short", () => {
  expect([0.2, 3.4, 999, 1500].map(milliseconds)).toEqual(["1 ms", "3 ms", "999 ms", "1.5 s"]);
});
