/** The problem that this lesson leaves, as a person sees it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, LIMIT, lanes, logIn, pause, REPLICAS, unique } from "./support.mjs";

const open = browser();

test("one replica knows who logged in, and the next that is asked does not", LIMIT, async () => {
  const { page, problems } = await open();
  await lanes(page)
    .nth(REPLICAS - 1)
    .waitFor();
  await pause(page);
  const name = unique("Ada");
  await logIn(page, name);
  assert.equal(await lanes(page, '[data-knows="yes"]').count(), 1);
  // The first question may reach the replica that knows; in turn, one of so many reaches another.
  for (let n = 1; n <= REPLICAS; n++) {
    await page.getByRole("button", { name: "Who am I?" }).click();
    await page
      .locator("tr.own", { hasText: "GET /api/me" })
      .nth(n - 1)
      .waitFor();
  }
  await lanes(page, '[data-knows="no"]').first().waitFor();
  // The strip shows it for each call.
  await page.locator(".mark .sign.forgotten").first().waitFor();
  assert.deepEqual(problems, []);
});

test("while the page asks by itself, the login is soon forgotten everywhere", LIMIT, async () => {
  const { page, problems } = await open();
  await lanes(page)
    .nth(REPLICAS - 1)
    .waitFor();
  const name = unique("Ada");
  await page.getByLabel("Your name").fill(name);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText(`none of them knows you as ${name} any more`).waitFor();
  assert.equal(await lanes(page, '[data-knows="yes"]').count(), 0);
  // The page does not pretend: it offers the log-in again.
  assert.equal(await page.getByLabel("Your name").inputValue(), name);
  assert.deepEqual(problems, []);
});
