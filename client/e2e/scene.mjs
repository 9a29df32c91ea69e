/** The telling state for the pictures of this lesson: a request that took long, and what is known of it. */

import { connected, message, say } from "./chat-support.mjs";
import { whileFrozen } from "./freeze.mjs";
import { lanes, logIn, REPLICAS } from "./support.mjs";

/** For so long the sessions' Redis stands still. In milliseconds. */
const FROZEN_MS = 400;

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  for (const one of [page, other]) await connected(one);
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
  const talk = [
    { from: other, text: "Was that slow for you, too?" },
    { from: page, text: "Yes. And I know what it waited for." },
  ];
  for (const { from, text } of talk) {
    await say(from, text);
    await message(page, text).waitFor();
  }
  await whileFrozen("sessions", async () => {
    await page.getByRole("button", { name: "Who am I?" }).click();
    await page.waitForTimeout(FROZEN_MS);
  });
  const slow = page.locator(".lately-rows li", { hasText: "GET /api/me" }).first();
  await slow.getByRole("button", { name: /^Its records/ }).click();
  const words = page.locator(".records-summary");
  await words.filter({ hasText: "waiting for the sessions' Redis" }).waitFor();
}
