/** The telling state for the pictures of this lesson: somebody logged in, and no replica knows it any more. */

import { REPLICAS } from "./support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} _another is for later lessons
 */
export async function setScene(page, _another) {
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("The login is forgotten").waitFor();
  for (let n = 0; n < REPLICAS; n++) {
    await page.getByRole("button", { name: "Who am I?" }).click();
    await page.locator("tr.own", { hasText: "GET /api/me" }).nth(n).waitFor();
  }
}
