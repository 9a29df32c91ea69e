/** What the browser tests share: a real Chromium, pages that report their errors, and axe. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { after, afterEach, before } from "node:test";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Browser} Browser */
/** @typedef {import("playwright-core").Page} Page */

/** How many replicas the system under test must have. */
export const REPLICAS = 3;

/** The longest that a test may take, in milliseconds. Tests wait for conditions, not for this. */
export const LIMIT = { timeout: 90_000 };

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The address of the system under test, which somebody else has started. */
export function baseUrl() {
  const url = process.env.GOATSCALE_URL;
  assert.ok(
    url,
    `GOATSCALE_URL is not set. Start a system with ${REPLICAS} replicas, and give its address: ` +
      "GOATSCALE_URL=http://webserver.localhost npm run e2e",
  );
  return url;
}

/**
 * Starts Chromium: the one of the environment variable CHROMIUM, else the first on the PATH. On a busy machine it now and
 * then ends as it begins, before it has shown anything, so it is started once more.
 */
export async function launch() {
  const options = { executablePath: chromiumPath(), args: FLAGS };
  try {
    return await chromium.launch(options);
  } catch (error) {
    console.error(`Chromium ended at its start, and is started again: ${error}`);
    return chromium.launch(options);
  }
}

/**
 * One browser for all tests of a file. The function that comes back opens a page, as a person of
 * their own, with a list of what went wrong on it.
 */
export function browser() {
  /** @type {Browser | undefined} */
  let running;
  before(async () => {
    baseUrl();
    running = await launch();
  });
  // A page that stays open goes on asking, and so disturbs the turn of the replicas.
  afterEach(async () => {
    for (const context of running?.contexts() ?? []) await context.close();
  });
  after(async () => running?.close());
  /** @param {import("playwright-core").BrowserContextOptions} [options] */
  return async (options = {}) => {
    assert.ok(running);
    const context = await running.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const page = await context.newPage();
    const problems = watch(page);
    await page.goto(baseUrl());
    return { page, problems, context };
  };
}

/**
 * Collects what the page logs as an error, and what it throws.
 * @param {Page} page
 */
export function watch(page) {
  /** @type {string[]} */
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  return problems;
}

/**
 * A name that no other test uses, as several run against one system.
 * @param {string} name
 */
export function unique(name) {
  return `${name} ${randomBytes(3).toString("hex")}`;
}

/**
 * Logs in as a person would.
 * @param {Page} page
 * @param {string} name
 */
export async function logIn(page, name) {
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText(`You are ${name}`).first().waitFor();
}

/**
 * Holds the page's own questions, so that nothing changes while a test looks. Where each replica has its
 * own sessions, one such question is also enough to be logged out.
 * @param {Page} page
 */
export async function pause(page) {
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("The page is paused.").waitFor();
}

/**
 * The lanes of replicas. `state` is a further selector.
 * @param {Page} page
 */
export function lanes(page, state = "") {
  return page.locator(`.lane[data-replica]:not(.nobody)${state}`);
}

/**
 * Fails if anything is wider than the page.
 * @param {Page} page
 */
export async function assertFits(page) {
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.equal(widths[0], widths[1], "the page must not scroll sideways");
}

/**
 * Fails on what axe calls serious or critical.
 * @param {Page} page
 */
export async function assertAccessible(page) {
  const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
  await page.evaluate(await readFile(axe, "utf8"));
  /** @type {import("axe-core").AxeResults} */
  const { violations } = await page.evaluate("axe.run()");
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const found = grave.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(found, []);
}

function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not this one.
      }
    }
  }
  throw new Error("There is no chromium on the PATH. Install one, or name it in CHROMIUM.");
}
