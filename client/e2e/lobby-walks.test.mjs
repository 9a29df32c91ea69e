/** Whatever two people do with their parties, in whichever tabs: a moment later, each page shows what the servers know. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { playing } from "./game-support.mjs";
import { join } from "./lobby-support.mjs";
import { baseUrl, browser, logIn, unique } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** How many things are done, and how long a page may need to agree after each. In milliseconds. */
const [STEPS, AGREE_MS] = [30, 5000];

const player = playing(browser());

test("pages and servers agree after any step", { timeout: 300_000 }, async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 100_000);
  const chance = generator(seed);
  const pick = (/** @type {number} */ n) => Math.floor(chance() * n);
  const [ada, bob] = [await player(), await player()];
  /** @type {Page[]} */
  const pages = [ada.page, bob.page];
  for (const { context } of [ada, bob]) {
    const tab = await context.newPage();
    await tab.goto(baseUrl());
    pages.push(tab);
  }
  for (const page of pages) await page.getByText(/^You are /).waitFor();
  let done = `seed ${seed}`;
  for (let step = 0; step < STEPS; step++) {
    const [page, other] = [pages[pick(4)], pages[pick(4)]];
    assert.ok(page && other);
    const deed = pick(6);
    done += `, ${deed} on ${pages.indexOf(page)}`;
    if (deed === 0) await page.reload();
    else if (deed === 1 && (await page.locator("#logout").isVisible())) {
      await page.getByRole("button", { name: "Log out" }).click();
      // Both tabs of this person learn of it, and one of them logs in again.
      await page.getByLabel("Your name").waitFor();
      await logIn(page, unique("Eve"));
    } else if (await page.locator(".party").isVisible()) {
      await page.getByRole("button", { name: "Leave party" }).click();
    } else if (deed < 4) await page.getByRole("button", { name: "Play with friends" }).click();
    else await join(page, (await codeOf(other)) ?? "ZZZZ-ZZZZ");
    for (const one of pages) await agrees(one, done);
  }
});

/**
 * The party that a page shows, or none.
 * @param {Page} page
 */
async function codeOf(page) {
  const isShown = await page.locator(".party").isVisible();
  return isShown ? await page.locator(".party-code").textContent() : null;
}

/**
 * @param {Page} page
 * @param {string} after what was done before
 */
async function agrees(page, after) {
  const limit = Date.now() + AGREE_MS;
  for (;;) {
    const [shown, known] = await page.evaluate(async () => {
      const { party } = await (await fetch("/api/lobby")).json();
      const members = [...document.querySelectorAll(".party:not([hidden]) .members bdi")];
      const names = members.map(({ textContent }) => textContent);
      const known = (party?.members ?? []).map((/** @type {{ name: string }} */ { name }) => name);
      return [names.join(), known.join()];
    });
    if (shown === known) return;
    assert.ok(Date.now() < limit, `"${shown}" is shown, and "${known}" known, after ${after}`);
    await page.waitForTimeout(100);
  }
}

/**
 * Numbers from 0 up to 1, the same ones for the same seed.
 * @param {number} seed
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
