/** How a tab comes back to where it was: after F5, after a crash, and after a deploy. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LobbyController } from "./controller";
import { ADA, FakeLobby, FakePage, fakeMemory } from "./fake-lobby";
import type { Memory } from "./memory";
import { Return } from "./return";
import { sentence } from "./sentences";

/** Whoever looks every second looks at least once in so long. In milliseconds. */
const LOOK_MS = 1600;

/** The rules that the page has at first. */
const RULES = 1;

let lobby: FakeLobby;
let memory: Memory;
let page: FakePage;
let controller: LobbyController;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  lobby = new FakeLobby();
  memory = fakeMemory();
});

afterEach(() => {
  controller.stop();
  vi.useRealTimers();
});

/** A page is loaded in the tab of this memory. */
async function load(rules = RULES, tab = memory): Promise<void> {
  controller?.stop();
  page = new FakePage();
  controller = new LobbyController(lobby.api, page, new Return(tab, rules), null, Date.now);
  await controller.look();
  await vi.advanceTimersByTimeAsync(0);
}

/** The player of this page is in a match. */
async function enter(): Promise<void> {
  await load();
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  controller.arrived();
  if (lobby.seat !== null) lobby.seat.taken = true;
}

const says = () => sentence(controller.stand);

test("a tab that was loaded anew goes back to its match by itself, once", async () => {
  await enter();
  await load();
  expect(page.entered).toEqual([["a.b.c", "player"]]);
  controller.arrived();
  controller.over("You play in another tab or window now.");
  await vi.advanceTimersByTimeAsync(20 * LOOK_MS);
  expect(page.entered.length).toBe(1);
  expect(controller.stand.isReplaced).toBe(true);
  await load();
  expect(page.entered).toEqual([]);
});

test("another tab does not, and is offered the way back", async () => {
  await enter();
  await load(RULES, fakeMemory());
  await vi.advanceTimersByTimeAsync(5 * LOOK_MS);
  expect(page.entered).toEqual([]);
  expect(says()).toMatch(/^You have a seat in a match that goes on\./);
  expect(controller.stand.isReplaced).toBe(false);
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.entered.length).toBe(1);
});

test.each(["leave", "over"] as const)(
  "nor does a tab that is in no match any more: %s",
  async (end) => {
    await enter();
    if (end === "leave") await controller.leave("m1");
    else controller.over("The match is over.");
    lobby.seat = { server: "gs-1", match: "m1", seat: 3, taken: true };
    await load();
    expect(page.entered).toEqual([]);
  },
);

test("whoever only watched is not led back", async () => {
  await load();
  controller.watch();
  await vi.advanceTimersByTimeAsync(0);
  controller.arrived();
  lobby.seat = { server: "gs-1", match: "m1", seat: 3, taken: true };
  await load();
  expect(page.entered).toEqual([]);
});

test("whoever wants back and comes too late gets no other match", async () => {
  lobby.seat = { server: "gs-1", match: "m0", seat: 3, taken: true };
  await load();
  lobby.seat = null;
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.entered).toEqual([]);
  expect(says()).toBe("Your match is over.");
  await vi.advanceTimersByTimeAsync(LOOK_MS);
  expect(lobby.seat).toBeNull();
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.entered.length).toBe(1);
});

test.each(["leave", "over"] as const)(
  "a match that was left, or is over, is none to go back to, though a server may still say so: %s",
  async (end) => {
    await enter();
    await controller.look();
    expect(controller.stand.standing.seat?.taken).toBe(true);
    let answer = () => {};
    lobby.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const looks = controller.look();
    const left = end === "leave" ? controller.leave("m1") : controller.over("The match is over.");
    expect(controller.stand.standing.seat).toBeNull();
    lobby.seat = null;
    lobby.hold = null;
    answer();
    await Promise.all([looks, left]);
    await vi.advanceTimersByTimeAsync(0);
    expect(controller.stand.standing.seat).toBeNull();
  },
);

test("a page of before a deploy is loaded anew when somebody wants to play, and plays then", async () => {
  await load();
  lobby.rules = 2;
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  expect(page.done).toEqual([]);
  controller.play();
  await vi.advanceTimersByTimeAsync(5 * LOOK_MS);
  expect(page.done).toEqual(["load anew"]);
  expect(page.entered).toEqual([]);
  await load(2);
  expect(page.entered.length).toBe(1);
  expect(page.done).toEqual([]);
});

test("a page that stays old, however often it is loaded, plays anyway", async () => {
  lobby.rules = 2;
  await load();
  controller.watch();
  expect(page.done).toEqual(["load anew"]);
  await load();
  expect(page.entered).toEqual([["a.b.c", "watcher"]]);
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.done).toEqual([]);
  expect(page.entered.length).toBe(2);
});

test("servers that say nothing of their rules are as they were", async () => {
  await load();
  Reflect.set(lobby, "rules", undefined);
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  controller.play();
  await vi.advanceTimersByTimeAsync(0);
  expect(page.done).toEqual([]);
  expect(page.entered.length).toBe(1);
});

test("a page that was old is led after its party when it is new", async () => {
  lobby.party = { code: "ABCD-EFGH", members: [ADA], size: 8 };
  await load();
  lobby.rules = 2;
  lobby.seat = { server: "gs-1", match: "m1", seat: 3, taken: false };
  await vi.advanceTimersByTimeAsync(3 * LOOK_MS);
  expect(page.done).toContain("load anew");
  await load(2);
  expect(page.entered.length).toBe(1);
});
