/** A page that was away goes on where it was: it misses nothing, and says nothing twice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { barrier, KILLS, kill, start } from "./control.mjs";
import { assertAccessible, browser, LIMIT, unique } from "./support.mjs";
import { apart, connected, joining, message, replica, say } from "./chat-support.mjs";

/** @typedef {import("playwright-core").Page} Page */

const open = browser();
const join = joining(open);

test("killed: what was said meanwhile is told by another replica", KILLS, async () => {
  const [ada, bob] = await Promise.all([join("Ada"), join("Bob")]);
  const way = await barrier(ada.page);
  await ada.page.reload();
  await connected(ada.page);
  await apart(ada, bob);
  const [gone, stays] = [await replica(ada.page), await replica(bob.page)];
  const before = unique("before");
  await say(ada.page, before);
  await message(bob.page, before).waitFor();

  // Ada's page cannot come back before everything is said.
  way.close();
  try {
    await kill(gone);
    await ada.page.locator('.talk[data-link="waiting"]').waitFor();
    const meanwhile = ["one", "two", "three"].map((text) => unique(`meanwhile ${text}`));
    for (const text of meanwhile) {
      await say(bob.page, text);
      await message(bob.page, text).waitFor();
    }
    const typed = unique("typed while away");
    await say(ada.page, typed);
    await ada.page.locator(".entry.waiting", { hasText: typed }).waitFor();
    await way.open();

    const all = [before, ...meanwhile, typed];
    await message(bob.page, typed).waitFor();
    await connected(ada.page);
    await assertHeard(ada.page, all);
    await assertHeard(bob.page, all);
    const moved = `moved from ${gone} to ${await replica(ada.page)}`;
    await ada.page.locator(".note", { hasText: moved }).waitFor();
    await assertAccessible(ada.page);

    // A page that is loaded anew is told what was said before.
    await ada.page.reload();
    await connected(ada.page);
    await assertHeard(ada.page, all);
    assert.equal(await replica(bob.page), stays);
  } finally {
    await start();
  }
  assert.deepEqual([...ada.problems, ...bob.problems].filter(isNoLoss), []);
});

test("a word that was lost: the same message is sent again, and said once", LIMIT, async () => {
  const wire = { swallow: false, cut: async () => {} };
  /** @type {string[]} */
  const sent = [];
  const [ada, bob] = await Promise.all([join("Ada"), join("Bob")]);
  await ada.page.routeWebSocket(/\/ws\?/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      sent.push(String(frame));
      server.send(frame);
    });
    server.onMessage((frame) => {
      if (!wire.swallow) socket.send(frame);
    });
    wire.cut = async () => {
      await server.close();
      await socket.close({ code: 1012 });
    };
  });
  await ada.page.reload();
  await connected(ada.page);

  // The message arrives, and the word that it did is lost.
  wire.swallow = true;
  const texts = ["first", "second"].map(unique);
  for (const text of texts) await say(ada.page, text);
  await message(bob.page, texts[0] ?? "").waitFor();
  await ada.page.locator(".entry.sending", { hasText: texts[0] ?? "" }).waitFor();
  wire.swallow = false;
  await wire.cut();
  await message(bob.page, texts[1] ?? "").waitFor();
  await ada.page.locator(".entry").first().waitFor({ state: "detached" });
  for (const { page } of [ada, bob]) await assertHeard(page, texts);
  const frames = sent.filter((frame) => texts.some((text) => frame.includes(text)));
  assert.equal(frames.length, 3);
  assert.equal(frames[0], frames[1], "the same ref makes it the same message");
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});

test("what was typed without a connection outlives a reload, and arrives once", LIMIT, async () => {
  const { page, problems } = await join("Ada");
  const way = await barrier(page);
  way.close();
  await page.reload();
  await page.getByText("could not read the history. Trying again").waitFor();
  const texts = ["first", "second"].map(unique);
  for (const text of texts) await say(page, text);
  for (let times = 0; times < 2; times++) {
    for (const text of texts) await page.locator(".entry.waiting", { hasText: text }).waitFor();
    await assertAccessible(page);
    await page.reload();
  }
  await way.open();
  await connected(page);
  await message(page, texts[1] ?? "").waitFor();
  await page.locator(".entry").first().waitFor({ state: "detached" });
  await page.reload();
  await message(page, texts[1] ?? "").waitFor();
  assert.equal(await page.locator(".entry").count(), 0);
  await assertHeard(page, texts);
  assert.deepEqual(problems, []);
});

test("what the history no longer has is said", LIMIT, async () => {
  const { page, problems } = await join("Ada");
  await page.routeWebSocket(/\/ws\?/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      socket.send(frame);
      if (String(frame).includes('"welcome"')) {
        socket.send(JSON.stringify({ type: "gap", after: "1-0", first: null }));
      }
    });
  });
  await page.reload();
  await page.locator(".note", { hasText: "can no longer be shown" }).waitFor();
  await assertAccessible(page);
  assert.deepEqual(problems, []);
});

/**
 * Fails unless a page has heard `texts`, in this order and each of them once.
 * @param {Page} page
 * @param {string[]} texts
 */
async function assertHeard(page, texts) {
  await message(page, texts.at(-1) ?? "").waitFor();
  const heard = await page.locator(".message .text").allTextContents();
  assert.deepEqual(
    heard.filter((text) => texts.includes(text)),
    texts,
  );
}

/**
 * Whether a problem is anything but a call or a connection that failed, as they do while nothing answers.
 * @param {string} problem
 */
function isNoLoss(problem) {
  return !/^(Failed to load resource|WebSocket connection to)/.test(problem);
}
