import { expect, test } from "vitest";
import { Resume } from "./resume";

test("it says who tells, and what is missing", () => {
  const resume = new Resume();
  expect(resume.welcomed("webserver-1", 0)).toBe(
    "From now on, webserver-1 tells you what is said.",
  );
  resume.lost(1000);
  // Tries that fail are no new losses.
  resume.lost(3000);
  expect(resume.welcomed("webserver-4", 4000)).toMatch(
    /^You were away for 3 s, and are back with webserver-4\. .* is missing here\.$/,
  );
});

test("a connection that never came to be was no time away", () => {
  const resume = new Resume();
  resume.lost(0);
  expect(resume.welcomed("webserver-1", 9000)).not.toContain("away");
});

test("whoever sits here next was not away", () => {
  const resume = new Resume();
  resume.welcomed("webserver-1", 0);
  resume.lost(0);
  resume.clear();
  expect(resume.welcomed("webserver-1", 9000)).not.toContain("away");
});
