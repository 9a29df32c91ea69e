/** The sessions are shared: whoever logged in anywhere is known everywhere. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, LIMIT, lanes, logIn, REPLICAS, unique } from "./support.mjs";

const open = browser();

test("all replicas know who logged in, also after the page was loaded anew", LIMIT, async () => {
  const { page, problems } = await open();
  const name = unique("Ada");
  await logIn(page, name);
  for (let times = 0; times < 2; times++) {
    await lanes(page, '[data-knows="yes"]')
      .nth(REPLICAS - 1)
      .waitFor();
    await page.getByText(`All of them know you as ${name}.`).waitFor();
    assert.equal(await lanes(page, '[data-knows="no"]').count(), 0);
    await page.reload();
    await page.getByText(`You are ${name}`).first().waitFor();
  }
  assert.deepEqual(problems, []);
});
