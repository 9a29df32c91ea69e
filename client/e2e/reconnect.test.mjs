/** A bad network costs nobody the match. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MATCH_LIMIT, play, seatOf, steers } from "./game-support.mjs";
import { cut, freeze, lines, reconnecting } from "./reconnect-support.mjs";
import { assertAccessible, baseUrl, browser } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** So soon after the network's return, or after a thaw, play goes on, however much else a machine has to do. In milliseconds. The bench measures it. */
const AT_ONCE_MS = 3000;

const player = reconnecting(browser());

/** Somebody who has a goat, and the panel open that cuts the network. */
async function withGoat() {
  const opened = await player();
  await play(opened.page);
  await opened.page.locator(".lag summary").click();
  await steers(opened.page);
  return { ...opened, seat: await seatOf(opened.page) };
}

/**
 * Whether the page has the same seat as ever.
 * @param {Page} page
 * @param {import("./game-support.mjs").Welcome} before
 */
async function assertKept(page, before) {
  const { server, match_id, seat } = await seatOf(page);
  assert.deepEqual([server, match_id, seat], [before.server, before.match_id, before.seat]);
  assert.equal(await page.locator(".play").getAttribute("data-phase"), "playing");
}

test(
  "the network goes away for a while: play goes on as soon as it is back",
  MATCH_LIMIT,
  async () => {
    const { page, seat, problems } = await withGoat();
    for (const seconds of ["0.5", "1", "2", "5"]) {
      const took = await cut(page, seconds);
      assert.ok(took < AT_ONCE_MS, `${took} ms after ${seconds} s`);
      await assertKept(page, seat);
      // What is told of the loss is over, too.
      await page.locator(".caption-above:empty").waitFor({ state: "attached" });
      await page.waitForTimeout(1500);
    }
    assert.ok((await lines(page)).resumes.length >= 3);
    assert.deepEqual(problems, []);
  },
);

test("while there is no network, the page says so, and what it does", MATCH_LIMIT, async () => {
  const { page, seat } = await withGoat();
  await page.locator("#lag-seconds").selectOption("5");
  await page.getByRole("button", { name: "Cut the network" }).click();
  await page.getByText("Connection lost. The page is trying to come back …").waitFor();
  await page.locator(".caption-below", { hasText: /^Trying again … 3 s$/ }).waitFor();
  await page.locator("summary", { hasText: "Network: none" }).waitFor();
  await assertAccessible(page);
  await page.waitForFunction(() => {
    const state = document.querySelector(".play-state")?.textContent ?? "";
    return !state.startsWith("Connection lost.");
  });
  const state = await page.locator(".play-state").textContent();
  assert.match(state ?? "", /^(You are goat \d|Your goat is out)\./);
  await assertKept(page, seat);
});

test("whoever is away is seen to be, and to be back", MATCH_LIMIT, async () => {
  const [ada, bob] = [await player(), await player()];
  for (const { page } of [ada, bob]) await play(page);
  for (const { page } of [ada, bob]) await steers(page);
  await bob.page.getByText("Against you: 1 player and 6 bots.").waitFor();
  await ada.page.close();
  await bob.page.getByText("Against you: 1 absent player and 6 bots.").waitFor();
  const tab = await ada.context.newPage();
  await tab.goto(baseUrl());
  await tab.getByRole("button", { name: "Back to my match" }).click();
  await bob.page.getByText("Against you: 1 player and 6 bots.").waitFor();
  await steers(tab);
});

test(
  "a page that stood still in a match is back at once, though its socket is mute",
  MATCH_LIMIT,
  async () => {
    const { page, seat } = await withGoat();
    const took = await freeze(page, 5000);
    assert.ok(took < AT_ONCE_MS, `${took} ms`);
    await page.getByText(/^You are goat \d\./).waitFor();
    await assertKept(page, seat);
  },
);

test(
  "a page that stood still while its match began is back in it at once",
  MATCH_LIMIT,
  async () => {
    const { page } = await player();
    await play(page);
    await page.locator('[data-phase="gathering"]').waitFor();
    const seat = await seatOf(page);
    const took = await freeze(page, 25_000);
    assert.ok(took < AT_ONCE_MS, `${took} ms`);
    await page.locator('[data-phase="playing"]').waitFor();
    await assertKept(page, seat);
  },
);
