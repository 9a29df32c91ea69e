import { expect, test } from "vitest";
import { problem, problemAndWait } from "./problems";

test("what is known has a sentence of its own, and so has each kind of what is not", () => {
  const sentences = [
    problem("name_not_accepted", 422),
    problem("name_reserved", 422),
    problem("too_many_somethings", 429),
    problem("something_unavailable", 503),
    problem("something_full", 503),
    problem("new_word", 422),
    problem(null, 500),
  ];
  expect(new Set(sentences).size).toBe(sentences.length);
  expect(problem("unavailable", null)).toBe(problem(null, 503));
});

test("when to try again is told where it is known", () => {
  expect(problemAndWait("unavailable", 503, 2)).toMatch(/ Try again in 2 s\.$/);
  expect(problemAndWait("unavailable", 503, null)).toBe(problem("unavailable", 503));
});
