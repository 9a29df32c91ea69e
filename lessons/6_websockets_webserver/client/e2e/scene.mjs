/** The telling state for the pictures of this lesson: a short talk between two on different replicas. */

import { lanes, logIn, REPLICAS } from "./support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  const talk = [
    { from: page, text: "Hello! Who is on the other side?" },
    { from: other, text: "Bob, on another replica." },
    { from: page, text: "And yet you hear me at once." },
  ];
  for (const { from, text } of talk) {
    await from.getByLabel("Message", { exact: true }).fill(text);
    await from.getByRole("button", { name: "Send", exact: true }).click();
    await other.locator(".message", { hasText: text }).waitFor();
    await page.locator(".message", { hasText: text }).waitFor();
  }
  await lanes(page, '[data-knows="yes"]')
    .nth(REPLICAS - 1)
    .waitFor();
}
