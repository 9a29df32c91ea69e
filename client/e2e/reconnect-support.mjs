/** What the tests of coming back share: cuts, freezes, and what a page does about them. */

import { playing } from "./game-support.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ sockets: number[], resumes: number[] }} Lines When they were opened, and when one of them has asked for its seat. */

/**
 * Opens pages of people who are logged in, whose sockets to game servers are counted, and can be muted.
 * @param {ReturnType<typeof import("./support.mjs").browser>} open
 */
export function reconnecting(open) {
  const player = playing(open);
  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  return async (options) => {
    const opened = await player(options);
    await opened.context.addInitScript(count);
    await opened.page.reload();
    return opened;
  };
}

/**
 * @param {Page} page
 * @returns {Promise<Lines>}
 */
export function lines(page) {
  return page.evaluate(() => Reflect.get(window, "lines"));
}

/**
 * Cuts the network of a page, as a person would, and gives how long after its return play went on, in milliseconds. It is less than nothing
 * if the page never said that it was lost.
 * @param {Page} page
 * @param {string} seconds
 */
export async function cut(page, seconds) {
  await page.locator("#lag-seconds").selectOption(seconds);
  await page.evaluate(() => {
    const state = document.querySelector(".play-state");
    const cut = { startedAt: performance.now(), lostAt: 0, backAt: 0 };
    Reflect.set(window, "cut", cut);
    const observer = new MutationObserver(() => {
      const isLost = state?.textContent?.startsWith("Connection lost.") ?? false;
      if (isLost) cut.lostAt ||= performance.now();
      else if (cut.lostAt > 0) cut.backAt ||= performance.now();
    });
    if (state !== null) {
      observer.observe(state, { childList: true, characterData: true, subtree: true });
    }
    document.getElementById("lag-cut")?.click();
  });
  await page.getByRole("button", { name: "Cut the network" }).waitFor();
  await page.waitForFunction(() => {
    const { lostAt, backAt } = Reflect.get(window, "cut");
    return lostAt === 0 || backAt > 0;
  });
  const { startedAt, lostAt, backAt } = await page.evaluate(() => Reflect.get(window, "cut"));
  return lostAt === 0 ? -1 : backAt - startedAt - 1000 * Number(seconds);
}

/**
 * Lets a page stand still, as on a phone that is put away, while its connections go dead. Gives after how long it has opened a new one, in
 * milliseconds.
 * @param {Page} page
 * @param {number} ms
 */
export async function freeze(page, ms) {
  // Without a screen no page is hidden, and so none is frozen. One that a debugger holds stands as still.
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Debugger.enable");
  const isHeld = new Promise((resolve) => devtools.once("Debugger.paused", resolve));
  await page.evaluate(() => {
    let last = performance.now();
    const watch = setInterval(() => {
      const time = performance.now();
      if (time - last > 1000) {
        Reflect.set(window, "thawedAt", time);
        clearInterval(watch);
      }
      last = time;
    }, 10);
    Reflect.get(window, "mute")();
  });
  await devtools.send("Debugger.pause");
  await isHeld;
  await new Promise((resolve) => setTimeout(resolve, ms));
  await devtools.send("Debugger.disable");
  const opened = await page.waitForFunction(() => {
    const thawedAt = Reflect.get(window, "thawedAt") ?? Number.POSITIVE_INFINITY;
    /** @type {Lines} */
    const { sockets } = Reflect.get(window, "lines");
    // One and the same moment may be told as a little earlier by whoever was called first.
    const next = sockets.find((at) => at >= thawedAt - 10);
    return next === undefined ? null : { ms: next - thawedAt };
  });
  const { ms: took } = (await opened.jsonValue()) ?? { ms: Number.POSITIVE_INFINITY };
  return took;
}

/** Runs in the page, before its own script. */
function count() {
  /** @type {Lines} */
  const lines = { sockets: [], resumes: [] };
  Reflect.set(window, "lines", lines);
  let era = 0;
  Reflect.set(window, "mute", () => {
    era += 1;
  });
  window.WebSocket = class extends WebSocket {
    /** @param {[string | URL]} url */
    constructor(...url) {
      super(...url);
      if (!String(url[0]).includes("/game/")) return;
      lines.sockets.push(performance.now());
      const born = era;
      this.addEventListener("message", (event) => {
        if (born !== era) event.stopImmediatePropagation();
      });
    }

    /**
     * @override
     * @param {Parameters<WebSocket["send"]>[0]} data
     */
    send(data) {
      if (String(data).startsWith('{"type":"resume"')) lines.resumes.push(performance.now());
      super.send(data);
    }
  };
}
