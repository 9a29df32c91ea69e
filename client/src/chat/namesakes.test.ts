import { expect, test } from "vitest";
import { namesakes } from "./namesakes";

function people(...names: string[]) {
  return names.map((name, at) => ({ player: String(at), name }));
}

test("only those who share a name need a tag", () => {
  expect(namesakes(people("Ada", "Bob", "Ada"))).toEqual(new Set(["0", "2"]));
  expect(namesakes(people("Ada", "Bob"))).toEqual(new Set());
});

test("whoever is met twice is no namesake of their own", () => {
  const ada = { player: "1", name: "Ada" };
  expect(namesakes([ada, { ...ada }])).toEqual(new Set());
});

test.each([
  ["Ada", "ada"],
  ["Ada", "\uff21\uff44\uff41"],
  ["\u00c5sa", "A\u030asa"],
  ["Ada L", "Ada  L"],
])("%s and %s are taken for one", (one, other) => {
  expect(namesakes(people(one, other)).size).toBe(2);
});
