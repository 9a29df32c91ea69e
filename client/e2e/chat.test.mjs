/** The chat over WebSockets, between browsers on different replicas. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertFits, browser, LIMIT, unique } from "./support.mjs";
import { apart, here, joining, message, replica, say } from "./chat-support.mjs";

const open = browser();
const join = joining(open);

test("two on different replicas see each other's messages in one order", LIMIT, async () => {
  const [ada, bob] = await Promise.all([join("Ada"), join("Bob")]);
  await apart(ada, bob);
  const texts = ["one", "two", "three", "four"].map(unique);
  for (const [n, text] of texts.entries()) {
    const [from, to] = n % 2 === 0 ? [ada, bob] : [bob, ada];
    await say(from.page, text);
    await message(to.page, text).waitFor();
    await message(from.page, text).waitFor();
    const [took, delivered] = [await replica(from.page), await replica(to.page)];
    const path = message(to.page, text).locator(".path");
    assert.match((await path.textContent()) ?? "", new RegExp(`${took}.*Redis.*${delivered}`));
  }
  for (const { page } of [ada, bob]) {
    const heard = await page.locator(".message .text").allTextContents();
    assert.deepEqual(
      heard.filter((text) => texts.includes(text)),
      texts,
    );
    // In the panel, a line leads from one lane to the other.
    await page.locator(".mark.thread").first().waitFor({ state: "attached" });
  }
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});

test("whoever joins sees who is here, and whoever leaves is gone", LIMIT, async () => {
  const people = await Promise.all([join("Ada"), join("Bob")]);
  const cem = await join("Cem");
  for (const { page } of [...people, cem]) {
    for (const { name } of [...people, cem]) await here(page, name).waitFor();
  }
  await cem.context.close();
  for (const { page } of people) await here(page, cem.name).waitFor({ state: "detached" });
});

test("Enter sends, the field is ready for the next, and text is only text", LIMIT, async () => {
  const { page, problems } = await join("Ada");
  const field = page.getByLabel("Message", { exact: true });
  const text = unique("<b>bold</b> & <img src=x onerror=alert(1)>");
  await field.fill(text);
  await field.press("Enter");
  await message(page, text).waitFor();
  assert.equal(await field.inputValue(), "");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "message");
  assert.equal(await page.locator(".message b, .message img").count(), 0);
  await field.fill("a".repeat(501));
  await field.press("Enter");
  await page.getByRole("alert").filter({ hasText: "This has 501 characters" }).waitFor();
  assert.equal(await field.inputValue(), "a".repeat(501));
  assert.deepEqual(problems, []);
});

test("what is pasted becomes one line, and half an emoji stops nothing", LIMIT, async () => {
  const { page, problems } = await join("Ada");
  const start = unique("pasted");
  await page.getByLabel("Message", { exact: true }).evaluate((field, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
  }, `${start}\ttab\r\nline\u2028end`);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await message(page, `${start} tab line end`).waitFor();
  const half = unique("half \ud83d of a goat");
  await say(page, half);
  const next = unique("next");
  await say(page, next);
  await message(page, next).waitFor();
  await message(page, half.toWellFormed()).waitFor();
  await say(page, "\u200b\u2060");
  await page.getByRole("alert").filter({ hasText: "Nothing in this can be seen" }).waitFor();
  assert.deepEqual(problems, []);
});

test("faster than allowed: all arrive in the end, in order and once", LIMIT, async () => {
  const { page } = await join("Ada");
  const texts = Array.from({ length: 15 }, (_, n) => unique(`quick ${n}`));
  for (const text of texts) await say(page, text);
  await message(page, texts.at(-1) ?? "").waitFor();
  const heard = await page.locator(".message .text").allTextContents();
  assert.deepEqual(
    heard.filter((text) => texts.includes(text)),
    texts,
  );
});

test(
  "the newest message stays in sight when the page gets smaller, and a reader is left alone",
  LIMIT,
  async () => {
    const { page } = await join("Ada");
    const long = Array.from({ length: 8 }, (_, n) => unique(`${n} ${"word ".repeat(60)}`));
    for (const text of long) await say(page, text);
    const newest = unique("newest");
    await say(page, newest);
    await message(page, newest).waitFor();
    await page.setViewportSize({ width: 360, height: 500 });
    await message(page, newest).evaluate(inSight);
    // Whoever reads further up is not carried away, but told.
    await message(page, long[0] ?? "").evaluate((first) => first.scrollIntoView());
    await message(page, long[0] ?? "").evaluate(inSight);
    const bob = await join("Bob");
    const news = unique("news");
    await say(bob.page, news);
    await page.getByRole("button", { name: "New" }).click();
    await message(page, news).evaluate(inSight);
  },
);

for (const width of [360, 1280]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(
      `the chat, ${width} pixels wide and ${colorScheme}, fits, and axe is content`,
      LIMIT,
      async () => {
        const { page, problems } = await join("Ada", {
          viewport: { width, height: 740 },
          colorScheme,
        });
        for (const text of ["W".repeat(300), "مرحبا", "short"].map(unique)) {
          await say(page, text);
          await message(page, text).waitFor();
        }
        await assertFits(page);
        await assertAccessible(page);
        assert.deepEqual(problems, []);
      },
    );
  }
}

/**
 * Resolves once the element is in the part of the log that shows.
 * @param {Element} element
 * @returns {Promise<void>}
 */
function inSight(element) {
  return new Promise((resolve) => {
    const seen = (/** @type {IntersectionObserverEntry[]} */ entries) => {
      if (entries.some((entry) => entry.isIntersecting)) resolve();
    };
    new IntersectionObserver(seen, { root: element.closest(".log") }).observe(element);
  });
}
