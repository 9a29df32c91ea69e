import { expect, test } from "vitest";
import { ReplicaIcons } from "./replica-icons";

test("counted replicas have the icons in order, whoever is seen first", () => {
  const icons = new ReplicaIcons();
  expect(["webserver-3", "webserver-1", "webserver-2"].map((name) => icons.of(name))).toEqual([
    2, 0, 1,
  ]);
});

test("a icon stays, and no two are the same while there are enough", () => {
  const icons = new ReplicaIcons();
  const names = ["webserver-1", "webserver-9", ..."abcdef"];
  const first = names.map((name) => icons.of(name));
  expect(new Set(first).size).toBe(8);
  expect(names.map((name) => icons.of(name))).toEqual(first);
  expect(icons.of("one more")).toBeLessThan(8);
});

test("the icon of one that is gone can be had again", () => {
  const icons = new ReplicaIcons();
  icons.of("webserver-1");
  icons.keep([]);
  expect(icons.of("webserver-9")).toBe(0);
});
