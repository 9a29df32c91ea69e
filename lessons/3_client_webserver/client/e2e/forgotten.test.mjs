/** The problem that this lesson leaves, as a person sees it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, LIMIT, lanes, logIn, REPLICAS, unique } from "./support.mjs";

const open = browser();

test("one replica knows who logged in, and the others do not", LIMIT, async () => {
  const { page, problems } = await open();
  const name = unique("Ada");
  await logIn(page, name);
  await lanes(page, '[data-knows="no"]')
    .nth(REPLICAS - 2)
    .waitFor();
  await page.getByText(`1 of them knows you as ${name}, ${REPLICAS - 1} do not.`).waitFor();
  assert.equal(await lanes(page, '[data-knows="yes"]').count(), 1);
  // The page says what is the case, and does not hide it by showing the log-in again.
  assert.ok(await page.getByText(`You are ${name}`).isVisible());
  // The strip shows it for each call.
  await page.locator(".mark .sign.forgotten").first().waitFor();
  assert.deepEqual(problems, []);
});
