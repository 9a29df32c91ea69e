import { expect, test } from "vitest";
import { Resume } from "./resume";

function heard(...ids: string[]): Resume {
  const resume = new Resume();
  resume.welcomed("webserver-1", 0);
  resume.heard(ids.map((id) => ({ id })));
  return resume;
}

test("a page that has heard nothing asks for all that is kept", () => {
  expect(new Resume().path).toBe("/ws?after=0-0");
  expect(heard().path).toBe("/ws?after=0-0");
});

test("it goes on after the last that it heard", () => {
  const resume = heard("1764000000000-0", "1764000000000-1");
  expect(resume.path).toBe("/ws?after=1764000000000-1");
  resume.heard([]);
  expect(resume.path).toBe("/ws?after=1764000000000-1");
});

test("an id is only passed on, whatever is in it", () => {
  expect(heard("a&b=c d").path).toBe("/ws?after=a%26b%3Dc+d");
});

test("it says who tells, and who did before", () => {
  const resume = new Resume();
  expect(resume.first).toBe(true);
  expect(resume.welcomed("webserver-1", 0)).toMatch(/^webserver-1 tells you what was said/);
  expect(resume.first).toBe(false);
  resume.lost(1000);
  // Tries that fail are no new losses.
  resume.lost(3000);
  expect(resume.welcomed("webserver-4", 4000)).toMatch(
    /^You were away for 3 s, and moved from webserver-1 to webserver-4, /,
  );
  resume.lost(5000);
  expect(resume.welcomed("webserver-4", 5001)).toMatch(
    /^You were away for less than a second, and are back with webserver-4, /,
  );
});

test("a connection that never came to be was no time away", () => {
  const resume = new Resume();
  resume.lost(0);
  expect(resume.welcomed("webserver-1", 9000)).not.toContain("away");
});

test("a gap is told once: the next connection begins with all that is kept", () => {
  const resume = heard("1-0");
  expect(resume.gap()).toContain("From here on nothing is missing.");
  expect(resume.path).toBe("/ws?after=0-0");
});

test("whoever sits here next begins anew", () => {
  const resume = heard("1-0");
  resume.lost(0);
  resume.clear();
  expect(resume.path).toBe("/ws?after=0-0");
  expect(resume.first).toBe(true);
});
