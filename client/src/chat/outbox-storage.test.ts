import { expect, test } from "vitest";
import { Outbox } from "./outbox";
import { OutboxStorage } from "./outbox-storage";

/** The part of a browser's storage that is used. */
class Memory {
  readonly items = new Map<string, string>();
  writes = 0;

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.writes += 1;
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

function storage(memory: Memory): OutboxStorage {
  return new OutboxStorage(() => memory as unknown as Storage);
}

function outbox(...texts: string[]): Outbox {
  const made = new Outbox();
  for (const text of texts) made.add(text);
  return made;
}

test("what was saved is there after a reload, for the same name only", () => {
  const memory = new Memory();
  const before = storage(memory);
  expect(before.load("Ada")).toEqual([]);
  const { entries } = outbox("1", "2");
  before.save(entries);
  const after = storage(memory);
  expect(after.load("Bob")).toEqual([]);
  after.save(outbox("of Bob").entries);
  expect(after.load("Ada")).toEqual(entries);
});

test("what has arrived is gone, and nothing is written twice", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load("Ada");
  const made = outbox("1", "2");
  kept.save(made.entries);
  kept.save(made.entries);
  expect(memory.writes).toBe(1);
  made.sent(made.next(0)?.ref ?? "");
  kept.save(made.entries);
  expect(storage(memory).load("Ada")).toMatchObject([{ text: "2" }]);
  made.sent(made.next(0)?.ref ?? "");
  kept.save(made.entries);
  expect(memory.items.size).toBe(0);
});

test("only so many are kept, and they are the first", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load("Ada");
  kept.save(outbox(...Array.from({ length: 60 }, (_, n) => String(n))).entries);
  const texts = kept.load("Ada").map(({ text }) => text);
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([50, "0", "49"]);
});

test.each([
  "nonsense",
  "7",
  "null",
  "[7]",
  '[{"ref":"r","text":"t","why":"","state":"lost","triedAt":null}]',
  '[{"ref":"r","text":"t","why":"","state":"waiting"}]',
  '[{"ref":"r","text":7,"why":"","state":"waiting","triedAt":null}]',
])("%s in the storage is nothing", (text) => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load("Ada");
  kept.save(outbox("1").entries);
  for (const key of memory.items.keys()) memory.items.set(key, text);
  expect(kept.load("Ada")).toEqual([]);
});

test("where the newest cannot be saved, what is older does not come back", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load("Ada");
  kept.save(outbox("1").entries);
  memory.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  kept.save(outbox("1", "2").entries);
  expect(storage(memory).load("Ada")).toEqual([]);
});

test("a storage that is full, or not allowed, stops nobody", () => {
  const full = new Memory();
  full.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  const forbidden = new OutboxStorage(() => {
    throw new DOMException("no", "SecurityError");
  });
  for (const kept of [storage(full), forbidden]) {
    expect(kept.load("Ada")).toEqual([]);
    kept.save(outbox("1").entries);
    kept.save([]);
    expect(kept.load("Ada")).toEqual([]);
  }
});
