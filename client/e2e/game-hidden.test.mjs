/** A page that was hidden for a minute while a match went on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./support.mjs";
import { MATCH_LIMIT, play, playing, steers, traffic } from "./game-support.mjs";

/** How long the page is hidden, and how soon it must show what is now. In milliseconds. */
const [HIDDEN_MS, SHOWN_MS] = [60_000, 250];

/** The longest that a page may be busy at a stretch, in milliseconds. */
const BUSY_MS = 50;

const player = playing(browser());

test(
  "back after a minute, the page shows the newest snapshot at once, and races through nothing",
  MATCH_LIMIT,
  async () => {
    const { page } = await player();
    await page.addInitScript(hideable);
    await page.reload();
    await play(page);
    await steers(page);
    const busyBefore = await busiest(page);
    await page.evaluate(() => Reflect.get(window, "hide")(true));
    await page.waitForTimeout(HIDDEN_MS);
    // A match that has ended meanwhile is followed by the next.
    await page.waitForFunction(
      async () => {
        const status = await (await fetch("/game/")).json();
        return status.phase === "playing" && status.tick > 20;
      },
      null,
      { polling: 500, timeout: 60_000 },
    );

    const before = await traffic(page);
    const back = await page.evaluate(async () => {
      const shownAt = performance.now();
      Reflect.get(window, "hide")(false);
      const newest = () => Reflect.get(window, "traffic").ticks.at(-1);
      const drawn = () =>
        Number(document.querySelector(".stage canvas")?.getAttribute("data-tick"));
      const wanted = newest();
      while (drawn() < wanted || drawn() > newest()) await new Promise(requestAnimationFrame);
      return { shownAt, took: performance.now() - shownAt };
    });
    assert.ok(back.took < SHOWN_MS, `it took ${back.took} ms`);
    await page.waitForTimeout(500);
    const after = await traffic(page);
    const soon = after.inputs.filter(({ at }) => at >= back.shownAt && at < back.shownAt + 100);
    assert.ok(soon.length <= 3, `${soon.length} inputs in the first 100 ms`);
    assert.ok(after.ticks.length > before.ticks.length, "and it goes on");
    // A machine that has more to do makes all tasks longer; what counts is that these are no longer than others.
    const busy = await busiest(page);
    assert.ok(
      busy <= Math.max(BUSY_MS, 2 * busyBefore),
      `${busy} ms at a stretch, ${busyBefore} before`,
    );
  },
);

/**
 * The longest that the page was busy at a stretch since this was asked last, in milliseconds; 0 if never longer than 50.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number>}
 */
function busiest(page) {
  return page.evaluate(() => {
    const tasks = Reflect.get(window, "longTasks").splice(0);
    return Math.max(0, ...tasks);
  });
}

/** Runs in the page. A browser without a screen hides no page, so what a hidden page does not get is kept from it here. */
function hideable() {
  let hidden = false;
  /** @type {FrameRequestCallback[]} */
  let waiting = [];
  const draw = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => {
    if (!hidden) return draw(callback);
    waiting.push(callback);
    return 1_000_000 + waiting.length;
  };
  Object.defineProperty(document, "hidden", { get: () => hidden });
  Object.defineProperty(document, "visibilityState", {
    get: () => (hidden ? "hidden" : "visible"),
  });
  Reflect.set(window, "hide", (/** @type {boolean} */ wanted) => {
    hidden = wanted;
    document.dispatchEvent(new Event("visibilitychange"));
    if (hidden) return;
    for (const callback of waiting) draw(callback);
    waiting = [];
  });
  /** @type {number[]} */
  const tasks = [];
  Reflect.set(window, "longTasks", tasks);
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) tasks.push(duration);
  });
  observer.observe({ type: "longtask" });
}
