import { expect, test } from "vitest";
import { record, TRAEFIKS_ID } from "./record";

const TIME = "2026-11-27T12:00:00.123456789Z";

/** A line of the store's answer. */
const line = (fields: object) => JSON.stringify({ _time: TIME, ...fields });

test("a replica's record says who wrote it, about what, and where the time went", () => {
  const read = record(
    line({
      _msg: "a request was answered",
      severity: "INFO",
      "service.name": "webserver",
      "service.instance.id": "webserver-2",
      request_id: "r1",
      trace_id: "t1",
      "http.request.method": "GET",
      "url.path": "/api/me",
      "http.response.status_code": "200",
      duration_ms: "312.4",
      pubsub_ms: "0.3",
      sessions_ms: "301",
    }),
  );
  expect(read).toEqual({
    time: expect.closeTo(Date.parse("2026-11-27T12:00:00Z") + 123.456789, 2),
    who: "webserver-2",
    isTraefik: false,
    sentence: "a request was answered: GET /api/me 200",
    requestId: "r1",
    traceId: "t1",
    status: 200,
    retries: 0,
    ms: 312.4,
    parts: [
      { name: "sessions", ms: 301 },
      { name: "pubsub", ms: 0.3 },
    ],
    isBad: false,
  });
});

test("Traefik's record has other names, and nanoseconds", () => {
  const read = record(
    line({
      _msg: "-",
      "service.name": "traefik",
      [TRAEFIKS_ID]: "r1",
      // What the caller brought is no id of ours.
      request_id: "somebody's",
      RouterName: "webserver@consulcatalog",
      ServiceURL: "http://10.0.0.3:8080",
      RequestMethod: "GET",
      DownstreamStatus: "502",
      Duration: "312400000",
      OriginDuration: "312000000",
      RetryAttempts: "2",
    }),
  );
  expect(read).toMatchObject({
    who: "Traefik",
    isTraefik: true,
    sentence: "GET 502, led by webserver@consulcatalog to http://10.0.0.3:8080",
    requestId: "r1",
    status: 502,
    retries: 2,
    ms: 312.4,
    parts: [{ name: "behind it", ms: 312 }],
    isBad: true,
  });
});

test.each([
  ["1500", 0.0015],
  ["1.5ms", 1.5],
  ["2s", 2000],
  ["1m2s", null],
  ["-5", null],
])("a duration of %s is %s ms", (Duration, ms) => {
  expect(record(line({ "service.name": "traefik", Duration }))).toMatchObject({ ms });
});

test("whatever is missing is missing, and only without a time there is no record", () => {
  expect(record(line({}))).toMatchObject({ who: "unknown", ms: null, parts: [], requestId: null });
  const unsaid = "missing _msg field; see https://docs.example/";
  expect(record(line({ _msg: unsaid }))).toMatchObject({ sentence: "(no words)" });
  for (const none of ["", "x", "[]", "null", "<!doctype html>", "{}", '{"_time":"yesterday"}']) {
    expect(record(none)).toBeNull();
  }
});

test("records less than a millisecond apart have an order", () => {
  const at = (fraction: string) => record(line({ _time: `2026-11-27T12:00:00${fraction}Z` }));
  expect(at(".0001")?.time).toBeLessThan(at(".0009")?.time ?? 0);
  expect(at("")?.time).toBeLessThan(at(".0001")?.time ?? 0);
});

test("nothing gets longer than a page can bear, and what is no number is no time", () => {
  const many = Object.fromEntries(
    Array.from({ length: 50 }, (_, n) => [`${"x".repeat(200)}${n}_ms`, "1"]),
  );
  const read = record(
    line({ ...many, _msg: "😀".repeat(10_000), "service.instance.id": "w".repeat(1000) }),
  );
  expect(read?.sentence.length).toBeLessThanOrEqual(300);
  expect(read?.sentence.isWellFormed()).toBe(true);
  expect(read?.who).toHaveLength(64);
  expect(read?.parts).toHaveLength(8);
  expect(read?.parts[0]?.name).toHaveLength(64);
  const odd = { a_ms: "NaN", b_ms: "-1", c_ms: "0x10", d_ms: "1e999", e_ms: "", f_ms: "1e-05" };
  expect(record(line(odd))?.parts).toEqual([{ name: "f", ms: 0.00001 }]);
});

test("nothing in a text turns what stands around it, or makes it jump", () => {
  const read = record(
    line({ _msg: "a\u202eb\u2066c\nd\u0000", "service.instance.id": "w\u200f1" }),
  );
  expect(read).toMatchObject({ sentence: "a\ufffdb\ufffdc\ufffdd\ufffd", who: "w\ufffd1" });
});
