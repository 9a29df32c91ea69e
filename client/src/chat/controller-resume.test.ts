import { afterEach, beforeEach, expect, type Mock, test, vi } from "vitest";
import { FakeSockets } from "../net/fake-socket";
import { ChatController, type Witness } from "./controller";
import { FakeView } from "./fake-view";

const ADA = { player: "ada", name: "Ada" };
const BOB = { player: "bob", name: "Bob" };

let sockets: FakeSockets;
let paths: string[];
let view: FakeView;
let carried: Mock<Witness["carried"]>;
let stored: Map<string, string>;

beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
    key: (at: number) => [...stored.keys()][at] ?? null,
    get length() {
      return stored.size;
    },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page, loaded anew. */
function load(): ChatController {
  [sockets, paths, view, carried] = [new FakeSockets(), [], new FakeView(), vi.fn()];
  const open = (path: string) => {
    paths.push(path);
    return sockets.open();
  };
  return new ChatController(view, { carried, sent: vi.fn() }, open, async () => {});
}

function deliver(id: string, age: number): void {
  const sent_at = new Date(Date.now() - age).toISOString();
  const message = { id, author: "Bob", player: "bob", text: id, sent_at, replica: "webserver-2" };
  sockets.last.receive({ type: "messages", replica: "webserver-1", messages: [message] });
}

test("it comes back with the id of the last message that it heard", () => {
  const chat = load();
  chat.changePerson(ADA);
  sockets.last.welcome();
  deliver("1-0", 0);
  sockets.last.onclose?.({ code: 1012 });
  chat.tryNow();
  expect(paths).toEqual(["/ws?after=0-0", "/ws?after=1-0"]);
});

test("a gap is said, and the next connection begins with all that is kept", () => {
  const chat = load();
  chat.changePerson(ADA);
  sockets.last.welcome();
  deliver("1-0", 0);
  sockets.last.receive({ type: "gap", after: "1-0", first: null });
  expect(view.lines.at(-1)).toContain("can no longer be shown");
  sockets.last.onclose?.({ code: 1012 });
  chat.tryNow();
  expect(paths.at(-1)).toBe("/ws?after=0-0");
});

test("the past is not read out to a page that was just loaded, and never shown as happening now", () => {
  const chat = load();
  chat.changePerson(ADA);
  sockets.last.welcome();
  deliver("old", 6000);
  deliver("new", 0);
  expect(view.lines.slice(-2)).toEqual(["Bob: old", "Bob: new"]);
  expect(carried.mock.calls.map(([{ id }]) => id)).toEqual(["new"]);
  vi.advanceTimersByTime(1500);
  expect(view.hushes).toEqual([true, false]);
  deliver("late", 6000);
  expect(carried).toHaveBeenCalledTimes(2);
  // What was missed is read out.
  sockets.last.onclose?.({ code: 1012 });
  chat.tryNow();
  sockets.last.welcome();
  expect(view.hushes.slice(2)).toEqual([false]);
});

test("what has not arrived outlives a reload, and goes out as the same message for the same player", () => {
  const before = load();
  before.changePerson(ADA);
  sockets.last.welcome();
  before.typed("1");
  const frame = sockets.last.sent[0];

  const other = load();
  other.changePerson(BOB);
  sockets.last.welcome("webserver-1", "bob");
  expect(view.outbox).toEqual([]);
  other.changePerson({ player: "another", name: "Ada" });
  sockets.last.welcome("webserver-1", "another");
  expect(view.outbox).toEqual([]);
  other.changePerson(ADA);
  sockets.last.welcome();
  expect(sockets.last.sent).toEqual([frame]);
});
