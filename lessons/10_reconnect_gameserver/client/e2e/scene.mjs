/** The telling state for the pictures of this lesson: a page with a slow network in a match of friends, with prediction and without. */

import { lanes, logIn, REPLICAS } from "./support.mjs";
import { connected, message, say } from "./chat-support.mjs";
import { steers } from "./game-support.mjs";
import { join, makeParty, members } from "./lobby-support.mjs";

const NAMES = ["Ada", "Bob", "Cem", "Dora"];

/** So far into a match the goats have met, and all of them still play. In ticks. */
const TICK = 120;

/** How much later everything comes, each way. In milliseconds. */
const DELAY_MS = "50";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const friends = [await another(), await another(), await another()];
  const all = [page, ...friends];
  for (const [n, one] of all.entries()) await logIn(one, NAMES[n] ?? "");
  for (const one of all) await connected(one);
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
  const code = await makeParty(page);
  for (const friend of friends) await join(friend, code);
  for (const one of all) await members(one, NAMES);
  await page.getByRole("button", { name: "Play together" }).click();
  const other = friends[0] ?? page;
  const talk = [
    { from: other, text: "Which goat are you?" },
    { from: page, text: "The one with the ring. Sorry, tunnel ahead!" },
    { from: other, text: "Take your time, your goat can lie down." },
  ];
  for (const { from, text } of talk) {
    await say(from, text);
    await message(page, text).waitFor();
  }
  await steers(page);
  await page.locator("#lag-summary").click();
  await page.locator("#lag-delay").fill(DELAY_MS);
  await page.locator("#lag-compare").check();
  await page.locator(".stage").focus();
  await friends[2]?.close();
  await page.waitForFunction(
    (tick) => Number(document.querySelector(".hud-tick")?.textContent ?? 0) >= tick,
    TICK,
    { timeout: 60_000 },
  );
}
