/** The telling state for the pictures of this lesson: a replica was killed, and nobody missed anything. */

import { barrier, kill, start } from "./control.mjs";
import { lanes, logIn, REPLICAS } from "./support.mjs";
import { apart, connected, message, replica, say } from "./chat-support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  const way = await barrier(page);
  await page.reload();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  await Promise.all([connected(page), connected(other)]);
  await apart({ page }, { page: other });
  const gone = await replica(page);
  /** @type {(from: import("playwright-core").Page, text: string) => Promise<void>} */
  const talk = async (from, text) => {
    await say(from, text);
    await message(other, text).waitFor();
  };
  await talk(page, "Can you hear me?");
  await message(page, "Can you hear me?").waitFor();

  // This page cannot come back before everything is said.
  way.close();
  await kill(gone);
  await page.locator('.talk[data-link="waiting"]').waitFor();
  await talk(other, `Yes. But ${gone} was just killed!`);
  await talk(other, "And you were on it. Do you hear this?");
  await say(page, "Every word.");
  await way.open();
  await message(other, "Every word.").waitFor();
  await message(page, "Every word.").waitFor();
  await connected(page);
  await start();
  await lanes(page, `.silent[data-replica="${gone}"]`).waitFor();
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
}
