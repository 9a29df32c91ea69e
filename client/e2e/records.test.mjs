/** What happened to one request: from a slow answer to its records, and what the page says where there are none. */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { KILLS } from "./control.mjs";
import { whileFrozen } from "./freeze.mjs";
import {
  assertAccessible,
  assertFits,
  browser,
  LIMIT,
  lanes,
  logIn,
  pause,
  unique,
} from "./support.mjs";

const open = browser();

/** For so long the sessions' Redis stands still. In milliseconds. */
const FROZEN_MS = 400;

test("a slow answer leads to what it waited for, and where", KILLS, async () => {
  const { page, problems } = await open();
  await pause(page);
  await logIn(page, unique("Ada"));
  await whileFrozen("sessions", async () => {
    await page.getByRole("button", { name: "Who am I?" }).click();
    await new Promise((resolve) => setTimeout(resolve, FROZEN_MS));
  });
  const slow = page.locator(".lately-rows li", { hasText: "GET /api/me" }).first();
  await slow.getByText("200").waitFor();
  await slow.getByRole("button", { name: /^Its records/ }).click();

  const rows = page.locator(".records-rows > li");
  await rows.filter({ hasText: "Traefik" }).first().waitFor();
  const replica = rows.filter({ hasText: /webserver-\d/ }).filter({ hasText: "sessions" });
  await replica.first().waitFor();
  const words = page.locator(".records-summary");
  await words.filter({ hasText: "waiting for the sessions' Redis" }).waitFor();
  const [, took, waited] =
    /^It took (\d+) ms, (\d+) of them waiting for the sessions' Redis.*, on webserver-\d+\./.exec(
      (await words.textContent()) ?? "",
    ) ?? [];
  assert.ok(Number(waited) >= 0.8 * FROZEN_MS, `it waited ${waited} ms`);
  assert.ok(Number(took) >= Number(waited), `it took ${took} ms`);
  const link =
    (await page.getByRole("link", { name: "store's own page" }).getAttribute("href")) ?? "";
  assert.match(link, /^http:\/\/logs\.localhost(:\d+)?\/select\/vmui\//);

  await assertAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await assertFits(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await assertAccessible(page);
  assert.deepEqual(problems, []);
});

test("while the store stands still the page says so, and goes on", KILLS, async () => {
  const { page } = await open();
  await whileFrozen("logs", async () => {
    await find(page, randomUUID());
    await page.getByText("The store of the logs does not answer.").waitFor();
    // The turn goes on: no replica waits for the store.
    for (const lane of await lanes(page).all()) {
      const name = await lane.getAttribute("data-replica");
      await lanes(page, `.newest[data-replica="${name}"]`).waitFor();
    }
  });
  await find(page, randomUUID());
  await page.getByText("There are no records of this id.").waitFor();
});

test("what is no id is refused, and stays to be mended", LIMIT, async () => {
  const { page, problems } = await open();
  await find(page, 'a" or *');
  await page.getByRole("alert").filter({ hasText: "This is no id of a request." }).waitFor();
  const field = page.getByLabel("A request's id");
  assert.equal(await field.inputValue(), 'a" or *');
  assert.equal(await page.evaluate(() => document.activeElement?.id), "request-id");
  await assertAccessible(page);
  assert.deepEqual(problems, []);
});

/**
 * Looks for the records of a request, by keyboard.
 * @param {import("playwright-core").Page} page
 * @param {string} id
 */
async function find(page, id) {
  await page.getByLabel("A request's id").fill(id);
  await page.keyboard.press("Enter");
}
