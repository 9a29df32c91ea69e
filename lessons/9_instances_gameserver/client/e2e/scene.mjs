/** The telling state for the pictures of this lesson: four friends in one match, and the chat beside it. */

import { lanes, logIn, REPLICAS } from "./support.mjs";
import { connected, message, say } from "./chat-support.mjs";
import { steers } from "./game-support.mjs";
import { join, makeParty, members } from "./lobby-support.mjs";

const NAMES = ["Ada", "Bob", "Cem", "Dora"];

/** So far into a match the goats have met, and all of them still play. In ticks. */
const TICK = 120;

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
    { from: page, text: "The one with the ring. On my page, that is!" },
    { from: other, text: "I am the one that falls off first." },
  ];
  for (const { from, text } of talk) {
    await say(from, text);
    await message(page, text).waitFor();
  }
  await steers(page);
  await page.getByText("Game servers").first().click();
  await page.locator(".stage").focus();
  await page.waitForFunction(
    (tick) => Number(document.querySelector(".hud-tick")?.textContent ?? 0) >= tick,
    TICK,
    { timeout: 60_000 },
  );
}
