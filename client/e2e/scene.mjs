/** The telling state for the pictures of this lesson: a request that took long, and what is known of it. */

import { connected, message, say } from "./chat-support.mjs";
import { whileFrozen } from "./freeze.mjs";
import { lanes, logIn, REPLICAS } from "./support.mjs";

/** For so long the sessions' Redis stands still. In milliseconds. */
const FROZEN_MS = 400;

/** So long the records of a call may take to be found. In milliseconds. */
const FOUND_MS = 5000;

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
  const slow = page.locator(".lately-rows li", { hasText: "GET /api/me" });
  await slow.first().waitFor();
  const words = page.locator(".records-summary");
  const reason = words.filter({ hasText: "waiting for the sessions' Redis" });
  // On a busy machine another call may have been slow for another reason.
  for (const one of await slow.all()) {
    await one.getByRole("button", { name: /^Its records/ }).click();
    const isIt = reason.waitFor({ timeout: FOUND_MS }).then(
      () => true,
      () => false,
    );
    if (await isIt) break;
  }
  await reason.waitFor();
  // Traefik's may come later than the replica's.
  await page.locator(".records").getByText("2 records.").waitFor();
}
