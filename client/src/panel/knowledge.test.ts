import { expect, test } from "vitest";
import { Knowledge } from "./knowledge";

const ALL = ["a", "b"];

test("a log-in is known where it was made, and nowhere else until somebody says so", () => {
  const knowledge = new Knowledge();
  knowledge.loggedIn("Ada", "a");
  expect(knowledge.name).toBe("Ada");
  expect(ALL.map((replica) => knowledge.of(replica))).toEqual(["yes", "unasked"]);
  knowledge.told("b", null, knowledge.era);
  expect(ALL.map((replica) => knowledge.of(replica))).toEqual(["yes", "no"]);
  expect(knowledge.loggedInWith(ALL)).toBe(true);
  expect(knowledge.loggedInWith(["b"])).toBe(false);
});

test("a page that is loaded anew learns the name from whichever replica knows it", () => {
  const knowledge = new Knowledge();
  knowledge.told("b", null, knowledge.era);
  expect(knowledge.loggedInWith(ALL)).toBe(false);
  knowledge.told("a", "Ada", knowledge.era);
  expect(knowledge.name).toBe("Ada");
  expect(knowledge.loggedInWith(ALL)).toBe(true);
});

test("answers to questions from before a log-in or a log-out do not count", () => {
  const knowledge = new Knowledge();
  const before = knowledge.era;
  knowledge.loggedIn("Ada", "a");
  knowledge.told("a", null, before);
  expect(knowledge.of("a")).toBe("yes");
  const during = knowledge.era;
  knowledge.loggedOut();
  knowledge.told("a", "Ada", during);
  expect(knowledge.name).toBeNull();
  expect(knowledge.of("a")).toBe("unasked");
});

test("a restarted replica has to be asked again", () => {
  const knowledge = new Knowledge();
  knowledge.loggedIn("Ada", "a");
  knowledge.restarted("a");
  expect(knowledge.of("a")).toBe("unasked");
});

test("while nobody answers, the name stands", () => {
  const knowledge = new Knowledge();
  knowledge.loggedIn("Ada", "a");
  expect(knowledge.loggedInWith([])).toBe(true);
});

test("trouble lasts until a replica can say again", () => {
  const knowledge = new Knowledge();
  knowledge.loggedIn("Ada", "a");
  knowledge.failed("a", "The sessions are away.");
  expect(knowledge.trouble).toBe("a: The sessions are away.");
  expect(knowledge.of("a")).toBe("yes");
  knowledge.told("b", "Ada", knowledge.era);
  expect(knowledge.trouble).toBeNull();
});
