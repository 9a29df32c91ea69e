/** What the tests of the lobby share: parties, and people who are quicker than those who press buttons. */

import assert from "node:assert/strict";
import { baseUrl } from "./support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Makes a party, and gives its code.
 * @param {Page} page
 */
export async function makeParty(page) {
  await page.getByRole("button", { name: "Play with friends" }).click();
  await page.locator(".party").waitFor();
  const code = await page.locator(".party-code").textContent();
  assert.match(code ?? "", /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  return code ?? "";
}

/**
 * Joins a party, by a code that is typed as it is.
 * @param {Page} page
 * @param {string} code
 */
export async function join(page, code) {
  await page.getByLabel("Have a code?").fill(code);
  await page.getByRole("button", { name: "Join" }).click();
}

/**
 * Waits until a party has exactly these members.
 * @param {Page} page
 * @param {string[]} names
 */
export async function members(page, names) {
  const wanted = names.toSorted().join("\n");
  await page.waitForFunction((expected) => {
    const all = [...document.querySelectorAll(".party:not([hidden]) .members bdi")];
    const texts = all.map(({ textContent }) => textContent ?? "");
    return texts.toSorted().join("\n") === expected;
  }, wanted);
}

/**
 * Somebody without a page of ours, who asks by script.
 * @param {ReturnType<typeof import("./support.mjs").browser>} open
 * @param {string} name
 */
export async function scripted(open, name) {
  const { page } = await open();
  // No page of ours, which would ask by itself.
  await page.goto(new URL("/api/whoami", baseUrl()).href);
  const ask = (/** @type {string} */ method, /** @type {string} */ path, body = {}) =>
    page.evaluate(
      async ([method, path, body]) => {
        const headers = { "content-type": "application/json" };
        const answer = await fetch(path, { method, headers, body: JSON.stringify(body) });
        const text = await answer.text();
        return { status: answer.status, json: text === "" ? null : JSON.parse(text) };
      },
      /** @type {const} */ ([method, path, body]),
    );
  const login = await ask("POST", "/api/login", { name });
  assert.equal(login.status, 200, JSON.stringify(login.json));
  return { ask };
}
