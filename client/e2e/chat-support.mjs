/** What the tests of the chat share: persons who talk, and where they are. */

import assert from "node:assert/strict";
import { logIn, unique } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Opens pages of persons who are logged in and connected.
 * @param {ReturnType<typeof import("./support.mjs").browser>} open
 */
export function joining(open) {
  /**
   * @param {string} firstName
   * @param {import("playwright-core").BrowserContextOptions} [options]
   */
  return async (firstName, options) => {
    const opened = await open(options);
    const name = unique(firstName);
    await logIn(opened.page, name);
    await connected(opened.page);
    return { ...opened, name };
  };
}

/** @param {Page} page */
export async function connected(page) {
  await page.locator('.talk[data-link="open"]').waitFor();
}

/**
 * The replica that a page is connected to, as the page says itself.
 * @param {Page} page
 */
export async function replica(page) {
  const status = (await page.locator(".connection").textContent()) ?? "";
  return status.replace("Connected to ", "");
}

/**
 * Connects one of two again until they are on different replicas.
 * @param {{ page: Page }} one
 * @param {{ page: Page }} other
 */
export async function apart(one, other) {
  for (let tries = 0; tries < 10; tries++) {
    if ((await replica(one.page)) !== (await replica(other.page))) return;
    await other.page.reload();
    await connected(other.page);
  }
  assert.fail("both are on the same replica, ten times in a row");
}

/**
 * @param {Page} page
 * @param {string} text
 */
export async function say(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

/**
 * @param {Page} page
 * @param {string} text
 */
export function message(page, text) {
  return page.locator(".message", { hasText: text });
}

/**
 * @param {Page} page
 * @param {string} name
 */
export function here(page, name) {
  return page.locator(".here li", { hasText: name });
}
