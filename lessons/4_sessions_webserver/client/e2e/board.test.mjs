/** The problem that this lesson leaves, as a person sees it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertAccessible,
  assertFits,
  browser,
  LIMIT,
  logIn,
  REPLICAS,
  unique,
} from "./support.mjs";

const open = browser();

test("a message is known to the replica that took it, and to no other", LIMIT, async () => {
  const { page, problems } = await open();
  await logIn(page, unique("Ada"));
  const text = unique("hello <b>everybody</b>");
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
  const share = page.locator(".share", { has: page.locator(".message", { hasText: text }) });
  await share.first().waitFor();
  await page
    .locator(".share")
    .nth(REPLICAS - 1)
    .waitFor();
  await page.getByText("The replicas disagree.").waitFor();
  assert.equal(await share.count(), 1);
  assert.equal(await page.locator(".message b").count(), 0);
  assert.deepEqual(problems, []);
});

for (const width of [360, 1280]) {
  test(`the board, ${width} pixels wide, fits, and axe is content`, LIMIT, async () => {
    const { page, problems } = await open({ viewport: { width, height: 740 } });
    await logIn(page, unique("Ada"));
    await page.getByLabel("Message", { exact: true }).fill("W".repeat(300));
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".message").first().waitFor();
    await assertFits(page);
    await assertAccessible(page);
    assert.deepEqual(problems, []);
  });
}
