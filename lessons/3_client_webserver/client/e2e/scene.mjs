/** The telling state for the pictures of this lesson: one replica knows the person, the others do not. */

import { lanes, logIn, REPLICAS } from "./support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} _another is for later lessons
 */
export async function setScene(page, _another) {
  await logIn(page, "Ada");
  await lanes(page, '[data-knows="no"]')
    .nth(REPLICAS - 2)
    .waitFor();
  for (let n = 0; n < REPLICAS; n++) {
    await page.getByRole("button", { name: "Who am I?" }).click();
    await page.locator("tr.own", { hasText: "GET /api/me" }).nth(n).waitFor();
  }
}
