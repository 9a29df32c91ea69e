/** The telling state for the pictures of this lesson: two friends in one match, and the chat beside it. */

import { lanes, logIn, REPLICAS } from "./support.mjs";
import { connected, message, say } from "./chat-support.mjs";
import { play, steers } from "./game-support.mjs";

/** So far into a match the goats have met, and all of them still play. In ticks. */
const TICK = 120;

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  await Promise.all([connected(page), connected(other)]);
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
  for (const player of [page, other]) await play(player);
  const talk = [
    { from: other, text: "Which goat are you?" },
    { from: page, text: "The one with the ring. On my page, that is!" },
    { from: other, text: "I am the one that falls off first." },
  ];
  for (const { from, text } of talk) {
    await say(from, text);
    await message(page, text).waitFor();
  }
  await steers(page);
  await page.waitForFunction(
    (tick) => Number(document.querySelector(".hud-tick")?.textContent ?? 0) >= tick,
    TICK,
    { timeout: 60_000 },
  );
}
