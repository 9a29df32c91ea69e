import { expect, test } from "vitest";
import { Signs } from "./signs";

test("counted replicas have the signs in order, whoever is seen first", () => {
  const signs = new Signs();
  expect(["webserver-3", "webserver-1", "webserver-2"].map((name) => signs.of(name))).toEqual([
    2, 0, 1,
  ]);
});

test("a sign stays, and no two are the same while there are enough", () => {
  const signs = new Signs();
  const names = ["webserver-1", "webserver-9", ..."abcdef"];
  const first = names.map((name) => signs.of(name));
  expect(new Set(first).size).toBe(8);
  expect(names.map((name) => signs.of(name))).toEqual(first);
  expect(signs.of("one more")).toBeLessThan(8);
});

test("the sign of one that is gone can be had again", () => {
  const signs = new Signs();
  signs.of("webserver-1");
  signs.keep([]);
  expect(signs.of("webserver-9")).toBe(0);
});
