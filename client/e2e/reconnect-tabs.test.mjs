/** F5, tabs that are closed, tabs that are doubled, and pages of before a deploy. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connected } from "./chat-support.mjs";
import { MATCH_LIMIT, play, seatOf, steers } from "./game-support.mjs";
import { lines, reconnecting } from "./reconnect-support.mjs";
import { assertAccessible, assertFits, baseUrl, browser, watch } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** So long a tab that another one has replaced must try nothing. In milliseconds. */
const QUIET_MS = 30_000;

const player = reconnecting(browser());

/**
 * The seat of a page, without what differs from one welcome to the next.
 * @param {Page} page
 */
async function place(page) {
  const { server, match_id, seat } = await seatOf(page);
  return { server, match_id, seat };
}

/** @param {Page} page */
async function isIn(page) {
  await page.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
}

test("F5 in the middle of a match: the page goes back by itself", MATCH_LIMIT, async () => {
  const { page, problems } = await player();
  await play(page);
  await steers(page);
  const before = await place(page);
  for (let times = 0; times < 3; times++) {
    await page.reload();
    await steers(page);
    assert.deepEqual(await place(page), before);
  }
  assert.deepEqual(problems, []);
  // Whoever has left is not led back.
  await page.getByRole("button", { name: "Leave" }).click();
  await page.reload();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  assert.equal((await lines(page)).sockets.length, 0);
});

test("a tab was closed, and another one is opened: a button leads back", MATCH_LIMIT, async () => {
  const { page, context } = await player({ viewport: { width: 360, height: 740 } });
  await play(page);
  await steers(page);
  const before = await place(page);
  await page.close();
  const tab = await context.newPage();
  const problems = watch(tab);
  await tab.goto(baseUrl());
  await tab.getByText("You have a seat in a match that goes on.").waitFor();
  await assertFits(tab);
  await assertAccessible(tab);
  await tab.waitForTimeout(2000);
  assert.equal((await lines(tab)).sockets.length, 0, "nobody has pressed it yet");
  await tab.getByRole("button", { name: "Back to my match" }).click();
  await steers(tab);
  assert.deepEqual(problems, []);
  assert.equal(await tab.locator(".hud-server").textContent(), before.server);
});

test("a tab is doubled: the newer one plays, and the older one says so and tries nothing", {
  timeout: 2 * MATCH_LIMIT.timeout,
}, async () => {
  const { page, context } = await player();
  await play(page);
  await isIn(page);
  // A window that a page opens begins with a copy of what the page remembers.
  const opened = context.waitForEvent("page");
  await page.evaluate(() => void window.open(location.href));
  const copy = await opened;
  await isIn(copy);
  const seat = await place(page);
  await page.getByText("You play in another tab or window now.", { exact: true }).waitFor();
  assert.equal(await page.locator(".play").getAttribute("data-phase"), "off");
  // The older one takes it back when somebody wants that, and not by itself.
  await page.getByRole("button", { name: "Play here" }).click();
  await isIn(page);
  assert.deepEqual(await place(page), seat);
  await copy.getByText("You play in another tab or window now.", { exact: true }).waitFor();
  const before = await lines(copy);
  await copy.waitForTimeout(QUIET_MS);
  assert.deepEqual(await lines(copy), before);
  assert.equal((await lines(page)).sockets.length, 2);
});

test(
  "a page of before a deploy is loaded anew before it plays, once, and loses no word",
  MATCH_LIMIT,
  async () => {
    const { page } = await player();
    let loads = 0;
    page.on("load", () => {
      loads += 1;
    });
    // The servers of the next build, whose page this one never gets.
    await page.addInitScript(() => {
      const ask = window.fetch;
      window.fetch = async (...request) => {
        const answer = await ask(...request);
        if (request[0] !== "/api/lobby" || !answer.ok) return answer;
        const { status, headers } = answer;
        const json = await answer.json();
        return new Response(JSON.stringify({ ...json, rules: 2 }), { status, headers });
      };
    });
    await page.routeWebSocket(/\/game\//, (socket) => {
      const server = socket.connectToServer();
      server.onMessage((frame) => {
        socket.send(typeof frame === "string" ? frame.replace('"rules":1', '"rules":2') : frame);
      });
    });
    await page.reload();
    await connected(page);
    loads = 0;
    const field = page.getByLabel("Message", { exact: true });
    await field.fill("half a sen");
    await page.getByText("Butt the others off").waitFor();
    await play(page);
    await steers(page);
    assert.equal(loads, 1);
    assert.equal(await field.inputValue(), "half a sen");
    await page.getByText("Its server has other rules than this page").waitFor();
    await page.locator("canvas[data-tick]").first().waitFor();
  },
);
