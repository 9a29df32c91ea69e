/** What the tests of the game share: players, what their pages send, and what they get. */

import { request } from "node:http";
import { afterEach } from "node:test";
import { baseUrl, logIn, unique } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ at: number, direction: number, hold: boolean }} Sent */
/** @typedef {{ server: string, match_id: string, seat: number | null }} Welcome */
/** @typedef {{ ticks: number[], inputs: Sent[], welcomes: Welcome[] }} Traffic */

/** The longest that a test may take, in milliseconds: a match has to begin, and mostly to end. */
export const MATCH_LIMIT = { timeout: 180_000 };

/** What a browser says of each try of a page to come back that has to make room for the next, as on any machine that stood still for a moment. */
const GIVEN_UP = /WebSocket is closed before the connection is established/;

/** In the place of a direction: none. */
export const NO_DIRECTION = 255;

/**
 * Opens pages of people who are logged in, which keep what goes over the game's sockets, by the page's own clock.
 * @param {ReturnType<typeof import("./support.mjs").browser>} open
 */
export function playing(open) {
  /** @type {string[]} */
  const cookies = [];
  // Whoever closes a page keeps the seat for a while, and the next test's player would be led into that match.
  afterEach(async () => {
    await Promise.all(cookies.splice(0).map(giveUp));
  });
  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  return async (options) => {
    const opened = await open(options);
    // Whoever collects the problems of this page was called before.
    opened.page.on("console", (message) => {
      if (GIVEN_UP.test(message.text())) opened.problems.pop();
    });
    await opened.page.addInitScript(listen);
    await opened.page.reload();
    const name = unique("Ada");
    await logIn(opened.page, name);
    const all = await opened.context.cookies();
    cookies.push(all.map(({ name, value }) => `${name}=${value}`).join("; "));
    return { ...opened, name };
  };
}

/**
 * Gives the seat up of whoever has this cookie.
 * @param {string} cookie
 */
async function giveUp(cookie) {
  const { host, port, pathname } = new URL("/api/play", baseUrl());
  // Only browsers know everywhere that this name leads home.
  const options = { host: "127.0.0.1", port, path: pathname, method: "DELETE" };
  await new Promise((resolve, reject) => {
    const asked = request({ ...options, headers: { host, cookie } }, (answer) => {
      answer.resume().on("end", resolve);
    });
    asked.on("error", reject).end();
  });
}

/** @param {Page} page */
export async function play(page) {
  await page.getByRole("button", { name: /^Play( again)?$/ }).click();
}

/**
 * Waits until there is a goat to steer.
 * @param {Page} page
 */
export async function steers(page) {
  await page.locator(".play.steers").waitFor({ timeout: 100_000 });
}

/**
 * What has gone over the sockets since the page was loaded.
 * @param {Page} page
 * @returns {Promise<Traffic>}
 */
export function traffic(page) {
  return page.evaluate(() => Reflect.get(window, "traffic"));
}

/**
 * The inputs that a page sends while something is done.
 * @param {Page} page
 * @param {() => Promise<unknown>} act
 */
export async function inputsDuring(page, act) {
  const before = (await traffic(page)).inputs.length;
  await act();
  return (await traffic(page)).inputs.slice(before);
}

/**
 * Waits until the page has said this, and gives what it has said.
 * @param {Page} page
 * @param {{ direction: number, hold: boolean }} input
 */
export async function said(page, input) {
  await page.waitForFunction((wanted) => {
    const last = Reflect.get(window, "traffic").inputs.at(-1);
    return last?.direction === wanted.direction && last.hold === wanted.hold;
  }, input);
  return await traffic(page);
}

/**
 * Where the page sits now: the last welcome of a game server.
 * @param {Page} page
 */
export async function seatOf(page) {
  const last = (await traffic(page)).welcomes.at(-1);
  if (!last) throw new Error("no game server has welcomed this page");
  return last;
}

/** Runs in the page, before its own script. */
function listen() {
  /** @type {Traffic} */
  const traffic = { ticks: [], inputs: [], welcomes: [] };
  Reflect.set(window, "traffic", traffic);
  window.WebSocket = class extends WebSocket {
    /** @param {[string | URL]} url */
    constructor(...url) {
      super(...url);
      this.addEventListener("message", ({ data }) => {
        if (data instanceof ArrayBuffer) traffic.ticks.push(new DataView(data).getUint32(3, true));
        else if (data.startsWith('{"type":"welcome","server"')) {
          traffic.welcomes.push(JSON.parse(data));
        }
      });
    }

    /**
     * @override
     * @param {Parameters<WebSocket["send"]>[0]} data
     */
    send(data) {
      if (data instanceof Uint8Array) {
        const [, direction = 0, hold] = data;
        traffic.inputs.push({ at: performance.now(), direction, hold: hold === 1 });
      }
      super.send(data);
    }
  };
}
