/** The telling state for the pictures of this lesson: the replicas disagree on what was said. */

import { lanes, logIn, REPLICAS } from "./support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  for (const { from, text } of [
    { from: page, text: "Hello! Is anybody here?" },
    { from: other, text: "Yes. Do you see this?" },
  ]) {
    await from.getByLabel("Message", { exact: true }).fill(text);
    await from.getByRole("button", { name: "Send" }).click();
    await page.locator(".message", { hasText: text }).first().waitFor();
  }
  await page
    .locator(".share")
    .nth(REPLICAS - 1)
    .waitFor();
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
}
