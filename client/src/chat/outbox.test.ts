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

test("what was on its way when the connection broke goes first, as the same message", () => {
  const made = outbox("1", "2");
  const ref = made.next(0)?.ref;
  for (let tries = 0; tries < 3; tries++) {
    made.lost();
    expect(states(made)).toEqual(["1 waiting", "2 waiting"]);
    expect(made.next(tries)?.ref).toBe(ref);
  }
  // The word that was lost the first time comes after all.
  made.sent(ref ?? "");
  expect(made.next(10)?.text).toBe("2");
});

test("too fast: it waits as long as it is told to, and goes out in its place, as the same message", () => {
  const made = outbox("1", "2");
  const ref = made.next(1000)?.ref ?? "";
  made.refused(ref, "Too fast.", 2, 1000);
  expect(made.entries[0]).toMatchObject({ state: "waiting", why: "Too fast." });
  expect(made.next(2999)).toBeNull();
  expect(made.pause(2500)).toBe(500);
  expect(made.next(3000)).toMatchObject({ text: "1", ref });
});

test("refused for good: it goes back to the person, and the next is sent", () => {
  const made = outbox("1", "2");
  const ref = made.next(0)?.ref ?? "";
  made.refused(ref, "No.", null, 0);
  expect(states(made)).toEqual(["1 returned", "2 waiting"]);
  expect(made.next(0)?.text).toBe("2");
  // What a person sends again is another message, and behind the others.
  made.again(ref);
  expect(states(made)).toEqual(["2 sending", "1 waiting"]);
  expect(made.entries.map((entry) => entry.ref)).not.toContain(ref);
});

test("a first try that is too long ago is no longer known by its ref, so the person decides", () => {
  const made = outbox("1", "2");
  made.next(0);
  made.lost();
  made.next(290_000);
  made.lost();
  expect(made.next(290_001)?.text).toBe("2");
  expect(states(made)).toEqual(["1 returned", "2 sending"]);
  expect(made.entries[0]?.why).toContain("may have arrived");
});

test("a first try that seems to lie in the future may be any time ago, so the person decides", () => {
  const made = outbox("1");
  made.next(1000);
  made.lost();
  expect(made.next(999)).toBeNull();
  expect(made.entries[0]?.why).toContain("may have arrived");
});

test("what is left from before the page was loaded goes out as the same messages", () => {
  const made = outbox("old 1", "old 2", "returned");
  const ref = made.next(0)?.ref;
  made.refused(made.entries[2]?.ref ?? "", "No.", null, 0);
  const loaded = outbox("of somebody else");
  loaded.restore(structuredClone(made.entries));
  expect(states(loaded)).toEqual(["old 1 waiting", "old 2 waiting", "returned returned"]);
  expect(loaded.entries[2]?.why).toBe("No.");
  expect(loaded.next(100)).toMatchObject({ text: "old 1", ref, triedAt: 0 });
});

test("a word for a message that is not here is passed over", () => {
  const made = outbox("1");
  expect(made.sent("other")).toBeUndefined();
  made.refused("other", "No.", null, 0);
  made.again("other");
  expect(states(made)).toEqual(["1 waiting"]);
});
