import { afterEach, beforeEach, expect, test, vi } from "vitest";
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

  get length(): number {
    return this.items.size;
  }

  key(at: number): string | null {
    return [...this.items.keys()][at] ?? null;
  }
}

const ADA = { player: "ada", name: "Ada" };
const BOB = { player: "bob", name: "Bob" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function storage(memory: Memory): OutboxStorage {
  return new OutboxStorage(() => memory as unknown as Storage);
}

function outbox(...texts: string[]): Outbox {
  const made = new Outbox();
  for (const text of texts) made.add(text);
  return made;
}

test("what was saved is there after a reload, for the same player only", () => {
  const memory = new Memory();
  const before = storage(memory);
  expect(before.load(ADA)).toEqual([]);
  const { entries } = outbox("1", "2");
  before.save(entries, ADA);
  const after = storage(memory);
  expect(after.load(BOB)).toEqual([]);
  after.save(outbox("of Bob").entries, BOB);
  expect(after.load(ADA)).toEqual(entries);
});

test("what has arrived is gone, and nothing is written twice", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load(ADA);
  const made = outbox("1", "2");
  kept.save(made.entries, ADA);
  kept.save(made.entries, ADA);
  expect(memory.writes).toBe(1);
  made.sent(made.next(0)?.ref ?? "");
  kept.save(made.entries, ADA);
  expect(storage(memory).load(ADA)).toMatchObject([{ text: "2" }]);
  made.sent(made.next(0)?.ref ?? "");
  kept.save(made.entries, ADA);
  expect(memory.items.size).toBe(0);
});

test("only so many are kept, and they are the first", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load(ADA);
  kept.save(outbox(...Array.from({ length: 60 }, (_, n) => String(n))).entries, ADA);
  const texts = kept.load(ADA).map(({ text }) => text);
  expect([texts.length, texts[0], texts.at(-1)]).toEqual([50, "0", "49"]);
});

/** As it stands in the storage. */
function of(entry: string): string {
  return `{"savedAt":${Date.now()},"entries":[${entry}]}`;
}

test.each([
  "nonsense",
  "7",
  "null",
  "[7]",
  of("7"),
  of('{"ref":"r","text":"t","why":"","state":"lost","triedAt":null}'),
  of('{"ref":"r","text":"t","why":"","state":"waiting"}'),
  of('{"ref":"r","text":7,"why":"","state":"waiting","triedAt":null}'),
])("%s in the storage is nothing", (text) => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load(ADA);
  kept.save(outbox("1").entries, ADA);
  for (const key of memory.items.keys()) memory.items.set(key, text);
  expect(kept.load(ADA)).toEqual([]);
});

test("where the newest cannot be saved, what is older does not come back", () => {
  const memory = new Memory();
  const kept = storage(memory);
  kept.load(ADA);
  kept.save(outbox("1").entries, ADA);
  memory.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  kept.save(outbox("1", "2").entries, ADA);
  expect(storage(memory).load(ADA)).toEqual([]);
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
    expect(kept.load(ADA)).toEqual([]);
    kept.save(outbox("1").entries, ADA);
    kept.save([], ADA);
    expect(kept.load(ADA)).toEqual([]);
  }
});

test("what a player left is forgotten after an hour, and never given to another", () => {
  const memory = new Memory();
  memory.setItem("of somebody else's program", "");
  const kept = storage(memory);
  kept.save(outbox("of Ada").entries, ADA);
  kept.save(outbox("nobody's").entries, null);
  const restored = (player: typeof ADA) => {
    const made = new Outbox();
    kept.restore(made, player);
    return made.entries.map(({ text }) => text);
  };
  vi.advanceTimersByTime(3_599_000);
  expect(restored({ player: "another", name: "Ada" })).toEqual([]);
  expect(restored(ADA)).toEqual(["of Ada"]);
  vi.advanceTimersByTime(2000);
  expect(restored(BOB)).toEqual([]);
  expect(memory.items.size).toBe(1);
});
