import { expect, test } from "vitest";
import { Outbox } from "./outbox";

function outbox(...texts: string[]): Outbox {
  const made = new Outbox();
  for (const text of texts) made.add(text);
  return made;
}

function states(made: Outbox): string[] {
  return made.entries.map(({ text, state }) => `${text} ${state}`);
}

test("one message is on its way at a time, in the order of typing", () => {
  const made = outbox("1", "2");
  const first = made.next(0);
  expect(first?.text).toBe("1");
  expect(made.next(0)).toBeNull();
  expect(states(made)).toEqual(["1 sending", "2 waiting"]);
  expect(made.sent(first?.ref ?? "")?.text).toBe("1");
  expect(made.next(0)?.text).toBe("2");
});

test("when the connection breaks, only the one on its way is uncertain", () => {
  const made = outbox("1", "2");
  made.next(0);
  made.lost();
  expect(states(made)).toEqual(["1 uncertain", "2 waiting"]);
  // On the next connection the second goes out, and the first waits for the person.
  expect(made.next(0)?.text).toBe("2");
});

test("the person decides what happens to an uncertain one", () => {
  const made = outbox("1", "2");
  const ref = made.next(0)?.ref ?? "";
  made.lost();
  made.again(ref);
  expect(states(made)).toEqual(["2 waiting", "1 waiting"]);
  expect(made.entries.map((entry) => entry.ref)).not.toContain(ref);
  expect(made.remove(made.entries[0]?.ref ?? "")?.text).toBe("2");
  expect(states(made)).toEqual(["1 waiting"]);
});

test("too fast: it waits as long as it is told to, keeps its place, and goes out", () => {
  const made = outbox("1", "2");
  const ref = made.next(1000)?.ref ?? "";
  made.refused(ref, "Too fast.", 2, 1000);
  expect(made.entries[0]).toMatchObject({ state: "waiting", why: "Too fast." });
  expect(made.next(2999)).toBeNull();
  expect(made.pause(2500)).toBe(500);
  expect(made.next(3000)?.text).toBe("1");
});

test("refused for good: it goes back to the person, and the next is sent", () => {
  const made = outbox("1", "2");
  made.refused(made.next(0)?.ref ?? "", "No.", null, 0);
  expect(states(made)).toEqual(["1 returned", "2 waiting"]);
  expect(made.next(0)?.text).toBe("2");
});

test("a word for a message that is not here is passed over", () => {
  const made = outbox("1");
  expect(made.sent("other")).toBeUndefined();
  made.refused("other", "No.", null, 0);
  made.again("other");
  expect(states(made)).toEqual(["1 waiting"]);
});
