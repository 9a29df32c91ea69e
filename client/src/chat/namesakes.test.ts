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
  ["Ada", "\u0410da"],
  ["Ada", "\u0410\u0501\u0430"],
  ["Ada", "Ad\u00e0"],
  ["Bill", "BiI1"],
  ["\u0645\u062d\u0645\u062f", "\u0645\u062d\u200d\u0645\u062f"],
  ["Emma", "Ernma"],
])("%s and %s are taken for one", (one, other) => {
  expect(namesakes(people(one, other)).size).toBe(2);
});

test.each([
  ["Ada", "\u0411\u043e\u0440\u0438\u0441"],
  ["\u674e\u660e", "\u738b\u82b3"],
  ["Al", "\u738b\u82b3"],
  ["\uae40\ucca0\uc218", "\ubc15\uc601\ud76c"],
  ["\u0411\u043e\u0440", "\u0418\u043b\u044f"],
])("%s and %s are not", (one, other) => {
  expect(namesakes(people(one, other)).size).toBe(0);
});
