import { expect, test } from "vitest";
import { isId, queryFor, storesPage } from "./query";

test("an id is that of a request, at the services and at Traefik, its caller's, or that of a trace", () => {
  expect(queryFor("r-1")).toBe(
    'request_id:="r-1" or client_request_id:="r-1" or trace_id:="r-1" or "downstream_X-Request-Id":="r-1"',
  );
});

test("its traces are asked for beside that", () => {
  expect(queryFor("r", ["t", "u"])).toMatch(/:="r" or trace_id:="t" or trace_id:="u"$/);
});

test("no id, whatever it is, ends the string that it stands in", () => {
  expect(queryFor('a" or *')).toContain('request_id:="a\\" or *"');
  expect(queryFor("a\\")).toContain('request_id:="a\\\\"');
  expect(queryFor("a\nb")).toContain('request_id:="a\\nb"');
});

test.each([
  "0190a6c2-7d2e-7cc3-9f50-0242ac120002",
  "4bf92f3577b34da6",
  "a",
  "A_b.c",
  "x".repeat(64),
])("%s can be an id", (id) => expect(isId(id)).toBe(true));

test.each(["", " ", "a b", 'a"', "a\\", "a\n", "*", "ä", "\u0000", "x".repeat(65)])(
  "%j is none",
  (id) => expect(isId(id)).toBe(false),
);

test("the store's own page is asked the same, at the port of this one", () => {
  const query = queryFor("r");
  for (const [port, host] of [
    ["", "logs.localhost"],
    ["4000", "logs.localhost:4000"],
  ] as const) {
    const link = new URL(storesPage(query, { port }));
    expect(link.host).toBe(host);
    expect(link.pathname).toBe("/select/vmui/");
    const search = new URLSearchParams(link.hash.replace("#/?", ""));
    expect(search.get("query")).toBe(query);
  }
});
