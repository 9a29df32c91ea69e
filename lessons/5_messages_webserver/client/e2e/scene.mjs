/** The telling state for the pictures of this lesson: a short talk, and how often the page had to ask. */

import { logIn } from "./support.mjs";

/**
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<import("playwright-core").Page>} another opens the page of one more person
 */
export async function setScene(page, another) {
  const other = await another();
  await logIn(page, "Ada");
  await logIn(other, "Bob");
  for (const { from, text } of [
    { from: page, text: "Hello! Who is on the other side?" },
    { from: other, text: "Bob. I hear you only when I ask." },
    { from: page, text: "So do I." },
  ]) {
    await from.getByLabel("Message", { exact: true }).fill(text);
    await from.getByRole("button", { name: "Send" }).click();
    for (const one of [page, other]) {
      const message = one.locator(".message", { hasText: text });
      await message.locator(".path", { hasNotText: "…" }).waitFor();
    }
  }
  await page.locator("#asks", { hasText: /[2-9]\d* of them brought nothing/ }).waitFor();
}
