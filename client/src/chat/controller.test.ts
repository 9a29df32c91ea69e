import { afterEach, beforeEach, expect, type Mock, test, vi } from "vitest";
import { FakeSockets } from "../net/fake-socket";
import type { Link } from "../net/socket";
import { ChatController, type Witness } from "./controller";
import { FakeView } from "./fake-view";

let sockets: FakeSockets;
let view: FakeView;
let panel: { carried: Mock<Witness["carried"]>; sent: Mock<Witness["sent"]> };
let chat: ChatController;
let asked: Mock<() => Promise<void>>;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = new FakeSockets();
  view = new FakeView();
  panel = { carried: vi.fn(), sent: vi.fn() };
  asked = vi.fn(async () => {});
  chat = new ChatController(view, panel, () => sockets.open(), asked);
});

afterEach(() => void vi.useRealTimers());

const ADA = { player: "ada", name: "Ada" };
const BOB = { player: "bob", name: "Bob" };

/** Logs somebody in, whom a replica welcomes. */
function join(player = ADA): void {
  chat.changePerson(player);
  sockets.last.welcome("webserver-1", player.player);
}

/** What was sent over the last socket. */
function sent(): { ref: string; text: string }[] {
  return sockets.last.sent.map((frame) => JSON.parse(frame));
}

function message(id: string, author = "Bob") {
  const sent_at = new Date().toISOString();
  return {
    id,
    author,
    player: author.toLowerCase(),
    text: `text of ${id}`,
    sent_at,
    replica: "webserver-2",
  };
}

test("it connects while somebody is logged in, and only then", () => {
  expect(view.link).toEqual({ state: "off" });
  join();
  expect(view.link).toEqual({ state: "open", replica: "webserver-1" });
  chat.changePerson({ ...ADA });
  expect(sockets.opened).toHaveLength(1);
  chat.changePerson(null);
  expect(view.link).toEqual({ state: "off" });
  expect(sockets.last.closed).toBe(true);
  expect(view.lines).toEqual([]);
});

test("one message is on its way at a time, and the next follows when it was taken", () => {
  join();
  chat.typed("1");
  chat.typed("2");
  expect(view.scrolls).toBe(2);
  expect(sent().map(({ text }) => text)).toEqual(["1"]);
  sockets.last.receive({ type: "sent", ref: sent()[0]?.ref, id: "id-1" });
  expect(sent().map(({ text }) => text)).toEqual(["1", "2"]);
  expect(view.lines.at(-1)).toBe("Ada: 1");
  expect(view.outbox).toEqual(["2 sending"]);
  expect(panel.sent).toHaveBeenCalledExactlyOnceWith("webserver-1", true, 0);
});

test("what is typed without a connection goes out with the next", () => {
  chat.changePerson({ ...ADA });
  chat.typed("early");
  expect(view.outbox).toEqual(["early waiting"]);
  sockets.last.welcome();
  expect(sent().map(({ text }) => text)).toEqual(["early"]);
});

test("what others say is shown, and told to the panel once", () => {
  join();
  for (const replica of ["webserver-1", "webserver-1"]) {
    sockets.last.receive({ type: "messages", replica, messages: [message("1"), message("2")] });
  }
  expect(view.lines.slice(-2)).toEqual(["Bob: text of 1", "Bob: text of 2"]);
  expect(panel.carried.mock.calls.map(([{ id }, to]) => [id, to])).toEqual([
    ["1", "webserver-1"],
    ["2", "webserver-1"],
  ]);
});

test("who is here is shown, and what changes", () => {
  join();
  sockets.last.receive({ type: "presence", count: 3, players: [ADA, BOB] });
  expect(view.here).toEqual({ names: ["Ada", "Bob"], count: 3 });
  const cem = { player: "cem", name: "Cem" };
  sockets.last.receive({ type: "changes", count: 2, came: [cem], left: ["bob"] });
  expect(view.here).toEqual({ names: ["Ada", "Cem"], count: 2 });
  sockets.last.onclose?.({ code: 1006 });
  expect(view.here).toEqual({ names: [], count: 0 });
});

test("too fast: it goes out again after the wait that the replica asks for", () => {
  join();
  chat.typed("1");
  const refused = { type: "error", code: "too_many_messages", error: "Too fast.", retry_after: 2 };
  sockets.last.receive({ ...refused, ref: sent()[0]?.ref });
  expect(view.outbox).toEqual(["1 waiting"]);
  expect(panel.sent).toHaveBeenCalledExactlyOnceWith("webserver-1", false, 0);
  vi.advanceTimersByTime(1999);
  expect(sent()).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(sent().map(({ text }) => text)).toEqual(["1", "1"]);
});

test("refused for good: the person decides", () => {
  join();
  for (const text of ["again", "edit", "discard"]) {
    chat.typed(text);
    sockets.last.receive({
      type: "error",
      code: "bad_request",
      error: "No.",
      ref: sent().at(-1)?.ref,
    });
  }
  const [again, edit, discard] = sent().map(({ ref }) => ref);
  chat.discard(discard ?? "");
  chat.giveBack(edit ?? "");
  expect(view.givenBack).toEqual(["edit"]);
  expect(view.outbox).toEqual(["again returned"]);
  chat.again(again ?? "");
  expect(sent().at(-1)?.text).toBe("again");
  expect(view.focuses).toBe(3);
});

test("an error that belongs to no message is a note", () => {
  join();
  sockets.last.receive({ type: "error", code: "bad_request", ref: null, error: "No." });
  const line = "webserver-1 refused something: The replica could not understand this.";
  expect(view.lines.at(-1)).toBe(line);
});

test("no word for ten seconds: the connection is given up, and there is another", () => {
  join();
  chat.typed("1");
  vi.advanceTimersByTime(9999);
  expect(view.link?.state).toBe("open");
  vi.advanceTimersByTime(1);
  const why = "A message was sent, and no answer came back.";
  expect(view.link).toEqual({ state: "waiting", why } satisfies Link);
  chat.tryNow();
  expect(sockets.opened).toHaveLength(2);
  sockets.last.welcome("webserver-2");
  expect(view.lines.at(-1)).toMatch(/^You were away for .* webserver-2/);
});

test("nobody sends another's words: they wait for whoever typed them", () => {
  join();
  chat.typed("1");
  chat.typed("2");
  chat.changePerson(null);
  expect(view.lines).toEqual([
    "2 messages of Ada had not arrived yet. Only that login can send them, and nobody else.",
  ]);
  join(BOB);
  expect(view.outbox).toEqual([]);
  chat.typed("of Bob");
  expect(sent().map(({ text }) => text)).toEqual(["of Bob"]);
  join({ ...BOB, player: "another" });
  expect(sent()).toEqual([]);
});

test("a connection that is somebody else's by now: who sits here is asked before anything is sent", () => {
  chat.changePerson(ADA);
  chat.typed("of Ada");
  sockets.last.welcome("webserver-1", "bob");
  expect(sent()).toEqual([]);
  expect(view.link?.state).toBe("waiting");
  expect(asked).toHaveBeenCalledOnce();
  chat.changePerson(BOB);
  sockets.last.welcome("webserver-2", "bob");
  expect(sent()).toEqual([]);
});

test("other words do not hide that the one that was waited for does not come", () => {
  join();
  chat.typed("1");
  for (let second = 0; second < 10; second++) {
    expect(view.link?.state).toBe("open");
    vi.advanceTimersByTime(1000);
    sockets.last.receive({ type: "pong" });
  }
  expect(view.link?.state).toBe("waiting");
});

test("one that is refused does not hold up those behind it", () => {
  join();
  chat.typed("bad");
  chat.typed("good");
  const ref = sent()[0]?.ref;
  sockets.last.receive({ type: "error", code: "text_not_accepted", error: "No.", ref });
  expect(view.outbox).toEqual(["bad returned", "good sending"]);
});
