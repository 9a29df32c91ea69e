/** The chat by polling: it works over all replicas, and only by asking. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertFits, browser, LIMIT, logIn, unique } from "./support.mjs";

const open = browser();

test("what one says, the other learns by asking", LIMIT, async () => {
  const [ada, bob] = await Promise.all([open(), open()]);
  await logIn(ada.page, unique("Ada"));
  await logIn(bob.page, unique("Bob"));
  const text = unique("hello <b>Bob</b>");
  await ada.page.getByLabel("Message", { exact: true }).fill(text);
  await ada.page.keyboard.press("Enter");
  const heard = bob.page.locator(".message", { hasText: text });
  await heard.waitFor();
  assert.match((await heard.locator(".path").textContent()) ?? "", /Redis/);
  assert.equal(await bob.page.locator(".message b").count(), 0);
  // The author, too, learns only by asking that it went through; then there is a whole way to show.
  await ada.page.locator(".message", { hasText: text }).waitFor();
  await ada.page.locator(".message .path", { hasNotText: "…" }).first().waitFor();
  assert.equal(await ada.page.locator(".message", { hasText: text }).count(), 1);
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});

test("most questions bring nothing, and the page counts them", LIMIT, async () => {
  const { page, problems } = await open();
  await logIn(page, unique("Ada"));
  await page.locator("#asks", { hasText: /^Asked/ }).waitFor();
  await page.getByRole("button", { name: "Anything new?" }).click();
  await page.locator("tr.own", { hasText: "GET /api/messages" }).waitFor();
  await page.locator("#asks", { hasText: /[1-9]\d* of them brought nothing/ }).waitFor();
  assert.deepEqual(problems, []);
});

for (const width of [360, 1280]) {
  test(`the chat, ${width} pixels wide, fits, and axe is content`, LIMIT, async () => {
    const { page, problems } = await open({ viewport: { width, height: 740 } });
    await logIn(page, unique("Ada"));
    await page.getByLabel("Message", { exact: true }).fill("W".repeat(300));
    await page.getByRole("button", { name: "Send" }).click();
    await page.locator(".message .path", { hasNotText: "…" }).first().waitFor();
    await assertFits(page);
    await assertAccessible(page);
    assert.deepEqual(problems, []);
  });
}
