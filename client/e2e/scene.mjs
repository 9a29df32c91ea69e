/** The telling state for the pictures of this lesson: friends in the middle of a match, whose server has been killed a moment ago. */

import { lanes, logIn, REPLICAS } from "./support.mjs";
import { connected, message, say } from "./chat-support.mjs";
import { kill } from "./control.mjs";
import { steers } from "./game-support.mjs";
import { join, makeParty, members } from "./lobby-support.mjs";

const NAMES = ["Ada", "Bob", "Cem", "Dora"];

/** So far into a match the goats have met, and all of them still play. In ticks. */
const TICK = 60;

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
  await steers(page);
  await page.locator(".stage").focus();
  await ticks(page, TICK);
  const { server, replica } = await whereabouts(page);
  await kill(replica);
  await page.waitForFunction(
    (before) => document.querySelector(".hud-server")?.textContent !== before,
    server,
    { timeout: 60_000 },
  );
  const other = friends[0] ?? page;
  const talk = [
    { from: other, text: "Did that just hang for you, too?" },
    { from: page, text: "For a moment. Then I was back where I stood." },
    { from: other, text: "The server is gone. And we are not!" },
  ];
  for (const { from, text } of talk) {
    await say(from, text);
    await message(page, text).waitFor();
  }
  await page.locator(".stage").focus();
}

/**
 * Waits until the match is so far.
 * @param {import("playwright-core").Page} page
 * @param {number} least
 */
async function ticks(page, least) {
  await page.waitForFunction(
    (tick) => Number(document.querySelector(".hud-tick")?.textContent ?? 0) >= tick,
    least,
    { timeout: 60_000 },
  );
}

/**
 * The game server on which a page plays, and the replica that it is.
 * @param {import("playwright-core").Page} page
 */
async function whereabouts(page) {
  return await page.evaluate(async () => {
    const lobby = await (await fetch("/api/lobby")).json();
    const { server } = lobby.seat;
    const { replica } = await (await fetch(`/game/${server}/`)).json();
    return { server, replica };
  });
}
