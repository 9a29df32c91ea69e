/** A page that was hidden for a minute while a match went on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser } from "./support.mjs";
import { MATCH_LIMIT, play, playing, traffic } from "./game-support.mjs";

/** How long the page is hidden, and how soon it must show what is now. In milliseconds. */
const [HIDDEN_MS, SHOWN_MS] = [60_000, 250];

/** The longest that a page may be busy at a stretch, in milliseconds. */
const BUSY_MS = 50;

const player = playing(browser());

test("back after a minute, the page shows the newest snapshot at once, and races through nothing", {
  timeout: 3 * MATCH_LIMIT.timeout,
}, async () => {
  const { page } = await player();
  await page.addInitScript(hideable);
  await page.reload();
  const devtools = await page.context().newCDPSession(page);
  // Processor time, so that it says nothing of what else the machine has to do.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  // A match may end meanwhile, and then it is another one that goes on.
  do {
    await page.evaluate(() => Reflect.get(window, "hide")(false));
    await play(page);
    await page.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
    await page.evaluate(() => Reflect.get(window, "hide")(true));
    await page.waitForTimeout(HIDDEN_MS);
  } while (!(await isPlayed(page)));

  const before = await traffic(page);
  const workedBefore = await worked(devtools);
  const back = await page.evaluate(async () => {
    const shownAt = performance.now();
    Reflect.get(window, "longTasks").splice(0);
    Reflect.get(window, "hide")(false);
    const newest = () => Reflect.get(window, "traffic").ticks.at(-1);
    const drawn = () => Number(document.querySelector(".stage canvas")?.getAttribute("data-tick"));
    const wanted = newest();
    const limit = performance.now() + 5000;
    while ((drawn() < wanted || drawn() > newest()) && performance.now() < limit) {
      await new Promise(requestAnimationFrame);
    }
    return { shownAt, took: performance.now() - shownAt, wanted, drawn: drawn() };
  });
  const work = (await worked(devtools)) - workedBefore;
  assert.ok(back.took < SHOWN_MS, JSON.stringify(back));
  await page.waitForTimeout(500);
  const after = await traffic(page);
  const soon = after.inputs.filter(({ at }) => at >= back.shownAt && at < back.shownAt + 100);
  assert.ok(soon.length <= 3, `${soon.length} inputs in the first 100 ms`);
  assert.ok(after.ticks.length > before.ticks.length, "and it goes on");
  // Another program may have been in the way of a task that seems long: then all of them together were short work.
  const longest = await page.evaluate(() => Math.max(0, ...Reflect.get(window, "longTasks")));
  assert.ok(longest <= BUSY_MS || work <= 2 * BUSY_MS, `${longest} ms, of ${work} ms of work`);
});

/**
 * Whether the page's match goes on, and will for another while.
 * @param {import("playwright-core").Page} page
 */
async function isPlayed(page) {
  const phase = await page.locator(".play").getAttribute("data-phase");
  const { ticks } = await traffic(page);
  const tick = ticks.at(-1) ?? 0;
  if (phase === "playing") return tick > 20 && tick < 1700;
  await page.getByRole("button", { name: /^Play( again)?$/ }).waitFor();
  return false;
}

/**
 * How long the page's thread has worked since it began, in milliseconds.
 * @param {import("playwright-core").CDPSession} devtools
 */
async function worked(devtools) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
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
