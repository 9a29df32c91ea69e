/** A game server dies, or is told to stop, in the middle of a match: the match goes on on another, and so does the page, by itself. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { KILLS, kill } from "./control.mjs";
import { start, stop } from "./game-servers.mjs";
import { MATCH_LIMIT, play, playing, seatOf, steers, traffic } from "./game-support.mjs";
import { join, makeParty, members } from "./lobby-support.mjs";
import { assertAccessible, browser } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ at: number, tick: number }} Arrival A snapshot, by the page's own clock. */

const LIMIT = { ...MATCH_LIMIT, skip: KILLS.skip };

/** So many ticks of a match are played again at most, if its server has died. */
const AGAIN = 20;

/** What a browser says by itself of connections that break, and of tries that make room for the next. */
const LOSS = /^(Failed to load resource|WebSocket connection to)/;

const player = playing(browser());

/** Somebody who is logged in, and whose page keeps when each snapshot came, and what it said of the match. */
async function watched() {
  const opened = await player();
  await opened.context.addInitScript(keep);
  await opened.page.reload();
  return opened;
}

/** Somebody who has a goat. */
async function withGoat() {
  const opened = await watched();
  await play(opened.page);
  await steers(opened.page);
  return { ...opened, seat: await seatOf(opened.page) };
}

/**
 * The replica that is this game server.
 * @param {Page} page
 * @param {string} server
 */
async function replicaOf(page, server) {
  const answer = await page.evaluate(
    async (name) => (await fetch(`/game/${name}/`)).json(),
    server,
  );
  return answer.replica;
}

/**
 * Waits until a page plays on another server than this one, and gives its seat there.
 * @param {Page} page
 * @param {string} server
 */
async function elsewhere(page, server) {
  await page.waitForFunction((before) => {
    const { welcomes } = Reflect.get(window, "traffic");
    const last = welcomes.at(-1);
    const isThere = last !== undefined && last.server !== before;
    const played = Reflect.get(window, "arrivals").some(
      (/** @type {Arrival} */ { at }) => isThere && at > Reflect.get(window, "welcomedAt"),
    );
    return isThere && played;
  }, server);
  return await seatOf(page);
}

/**
 * Whether the page has its seat in its match again, and shows that.
 * @param {Page} page
 * @param {import("./game-support.mjs").Welcome} before
 */
async function assertFollowed(page, before) {
  const after = await elsewhere(page, before.server);
  assert.deepEqual([after.match_id, after.seat], [before.match_id, before.seat]);
  await page.locator(".hud-server", { hasText: after.server }).waitFor();
  await page.getByText(/^(You are goat \d|Your goat is out)\./).waitFor();
  assert.equal(await page.locator(".play").getAttribute("data-phase"), "playing");
  await page.locator(".caption-above:empty").waitFor({ state: "attached" });
  // It is the picture of what is told now.
  const { ticks } = await traffic(page);
  await page.waitForFunction(
    (tick) => Number(document.querySelector("canvas")?.dataset.tick) > tick,
    ticks.at(-1) ?? 0,
  );
}

/**
 * The longest time without a snapshot, in milliseconds, and by how many ticks the match went back at most.
 * @param {Page} page
 */
async function gaps(page) {
  /** @type {Arrival[]} */
  const arrivals = await page.evaluate(() => Reflect.get(window, "arrivals"));
  let [ms, back] = [0, Number.NEGATIVE_INFINITY];
  for (const [n, { at, tick }] of arrivals.entries()) {
    const before = arrivals[n - 1];
    if (before === undefined) continue;
    ms = Math.max(ms, at - before.at);
    back = Math.max(back, before.tick - tick);
  }
  return { ms, back };
}

test("killed: the match goes on elsewhere, and nobody has pressed anything", LIMIT, async () => {
  const { page, seat, problems } = await withGoat();
  const replica = await replicaOf(page, seat.server);
  try {
    await kill(replica);
    await assertFollowed(page, seat);
    const { ms, back } = await gaps(page);
    console.log(`${Math.round(ms)} ms without a word, and ${back} ticks back`);
    assert.ok(back <= AGAIN, `${back} ticks`);
    /** @type {string[]} */
    const said = await page.evaluate(() => Reflect.get(window, "said"));
    assert.ok(said.some((text) => text.startsWith("Connection lost.")));
    assert.ok(said.some((text) => text.startsWith("Your match is moving to another server.")));
    assert.deepEqual(
      problems.filter((problem) => !LOSS.test(problem)),
      [],
    );
  } finally {
    await start();
  }
});

test(
  "told to stop: the match goes on elsewhere at once, and no tick is missing",
  LIMIT,
  async () => {
    const { page, seat } = await withGoat();
    const replica = await replicaOf(page, seat.server);
    try {
      const stopping = stop(replica);
      await assertFollowed(page, seat);
      const { ms, back } = await gaps(page);
      console.log(`${Math.round(ms)} ms without a word`);
      // The new server begins with showing how the match stands, which the page may have seen already.
      assert.ok(back <= 0, `${back} ticks back`);
      await stopping;
    } finally {
      await start();
    }
  },
);

test("while a match moves, the page says so, for everybody", LIMIT, async () => {
  const { page } = await watched();
  await play(page);
  // Nobody's goat is out yet, however long somebody looks at the page.
  await page.locator('[data-phase="gathering"]').waitFor();
  const seat = await seatOf(page);
  const replica = await replicaOf(page, seat.server);
  const way = { isOpen: false };
  await page.route("**/api/play", (route) => (way.isOpen ? route.continue() : route.abort()));
  try {
    const stopping = stop(replica);
    await page.getByText("Your match is moving to another server.").waitFor();
    await page.locator(".caption-above", { hasText: "Your match is moving" }).waitFor();
    await page.locator(".caption-below", { hasText: /^To another server … \d+ s$/ }).waitFor();
    await assertAccessible(page);
    way.isOpen = true;
    await page.locator(".caption-above", { hasText: "Your match is moving" }).waitFor({
      state: "detached",
    });
    await page.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
    const after = await seatOf(page);
    assert.deepEqual([after.match_id, after.seat], [seat.match_id, seat.seat]);
    assert.notEqual(after.server, seat.server);
    await stopping;
  } finally {
    await start();
  }
});

test("a party stays together when its server dies", LIMIT, async () => {
  const [ada, bob] = [await watched(), await watched()];
  const code = await makeParty(ada.page);
  await join(bob.page, code);
  await members(ada.page, [ada.name, bob.name]);
  await ada.page.getByRole("button", { name: "Play together" }).click();
  for (const { page } of [ada, bob]) await steers(page);
  const seats = [await seatOf(ada.page), await seatOf(bob.page)];
  const [first, second] = seats;
  if (!first || !second) throw new Error("both have a seat");
  assert.equal(first.match_id, second.match_id);
  const replica = await replicaOf(ada.page, first.server);
  try {
    await kill(replica);
    await assertFollowed(ada.page, first);
    await assertFollowed(bob.page, second);
    await bob.page.getByText("Against you: 1 player and 6 bots.").waitFor();
  } finally {
    await start();
  }
});

/** Runs in the page, before its own script. */
function keep() {
  /** @type {Arrival[]} */
  const arrivals = [];
  /** @type {string[]} */
  const said = [];
  Object.assign(window, { arrivals, said, welcomedAt: 0 });
  window.WebSocket = class extends WebSocket {
    /** @param {[string | URL]} url */
    constructor(...url) {
      super(...url);
      this.addEventListener("message", ({ data }) => {
        const at = performance.now();
        if (data instanceof ArrayBuffer) {
          arrivals.push({ at, tick: new DataView(data).getUint32(3, true) });
        } else if (data.startsWith('{"type":"welcome"')) Reflect.set(window, "welcomedAt", at);
      });
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => {
      const text = document.querySelector(".play-state")?.textContent ?? "";
      if (text !== said.at(-1)) said.push(text);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}
