import { expect, test } from "vitest";
import { Recognition } from "./recognition";

const ALL = ["a", "b"];
const ADA = { player: "1", name: "Ada" };

test("a log-in is known where it was made, and nowhere else until somebody says so", () => {
  const recognition = new Recognition();
  recognition.loggedIn(ADA, "a");
  expect(recognition.player).toEqual(ADA);
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
  recognition.answered("a", ADA, recognition.era);
  expect(recognition.player).toEqual(ADA);
  expect(recognition.loggedInWith(ALL)).toBe(true);
});

test("that nobody is logged in is known once a replica has said so, and not before", () => {
  const recognition = new Recognition();
  expect(recognition.settled).toBe(false);
  recognition.failed("a");
  expect(recognition.settled).toBe(false);
  recognition.answered("a", null, recognition.era);
  expect(recognition.settled).toBe(true);
  recognition.failed("a");
  expect(recognition.settled).toBe(true);
});

test("somebody else of the same name is somebody else, and what was said of the one does not count", () => {
  const recognition = new Recognition();
  recognition.loggedIn(ADA, "a");
  recognition.answered("b", { player: "2", name: "Ada" }, recognition.era);
  expect(recognition.player?.player).toBe("2");
  expect(ALL.map((replica) => recognition.of(replica))).toEqual(["unasked", "yes"]);
});

test("answers to questions from before a log-in or a log-out do not count", () => {
  const recognition = new Recognition();
  const before = recognition.era;
  recognition.loggedIn(ADA, "a");
  recognition.answered("a", null, before);
  expect(recognition.of("a")).toBe("yes");
  const during = recognition.era;
  recognition.loggedOut();
  recognition.answered("a", ADA, during);
  expect(recognition.player).toBeNull();
  expect(recognition.of("a")).toBe("unasked");
});

test("a restarted replica has to be asked again", () => {
  const recognition = new Recognition();
  recognition.loggedIn(ADA, "a");
  recognition.restarted("a");
  expect(recognition.of("a")).toBe("unasked");
});

test("while nobody answers, the name stands", () => {
  const recognition = new Recognition();
  recognition.loggedIn(ADA, "a");
  expect(recognition.loggedInWith([])).toBe(true);
});

test("a replica that cannot say is not one that knows, and ends no login", () => {
  const recognition = new Recognition();
  recognition.loggedIn(ADA, "a");
  recognition.failed("a");
  expect(recognition.of("a")).toBe("unsure");
  expect(recognition.loggedInWith(["a"])).toBe(true);
  recognition.answered("a", ADA, recognition.era);
  expect(recognition.of("a")).toBe("yes");
});
