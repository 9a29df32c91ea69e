import { expect, test } from "vitest";
import { Recognition } from "./recognition";

const ALL = ["a", "b"];

test("a log-in is known where it was made, and nowhere else until somebody says so", () => {
  const recognition = new Recognition();
  recognition.loggedIn("Ada", "a");
  expect(recognition.name).toBe("Ada");
  expect(ALL.map((replica) => recognition.of(replica))).toEqual(["yes", "unasked"]);
  recognition.answered("b", null, recognition.era);
  expect(ALL.map((replica) => recognition.of(replica))).toEqual(["yes", "no"]);
  expect(recognition.loggedInWith(ALL)).toBe(true);
  expect(recognition.loggedInWith(["b"])).toBe(false);
});

test("a page that is loaded anew learns the name from whichever replica knows it", () => {
  const recognition = new Recognition();
  recognition.answered("b", null, recognition.era);
  expect(recognition.loggedInWith(ALL)).toBe(false);
  recognition.answered("a", "Ada", recognition.era);
  expect(recognition.name).toBe("Ada");
  expect(recognition.loggedInWith(ALL)).toBe(true);
});

test("answers to questions from before a log-in or a log-out do not count", () => {
  const recognition = new Recognition();
  const before = recognition.era;
  recognition.loggedIn("Ada", "a");
  recognition.answered("a", null, before);
  expect(recognition.of("a")).toBe("yes");
  const during = recognition.era;
  recognition.loggedOut();
  recognition.answered("a", "Ada", during);
  expect(recognition.name).toBeNull();
  expect(recognition.of("a")).toBe("unasked");
});

test("a restarted replica has to be asked again", () => {
  const recognition = new Recognition();
  recognition.loggedIn("Ada", "a");
  recognition.restarted("a");
  expect(recognition.of("a")).toBe("unasked");
});

test("while nobody answers, the name stands", () => {
  const recognition = new Recognition();
  recognition.loggedIn("Ada", "a");
  expect(recognition.loggedInWith([])).toBe(true);
});

test("trouble lasts until a replica can say again", () => {
  const recognition = new Recognition();
  recognition.loggedIn("Ada", "a");
  recognition.failed("a", "The sessions are away.");
  expect(recognition.trouble).toBe("a: The sessions are away.");
  expect(recognition.of("a")).toBe("yes");
  recognition.answered("b", "Ada", recognition.era);
  expect(recognition.trouble).toBeNull();
});
