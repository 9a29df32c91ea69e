/** The sessions are shared: whoever logged in anywhere is known everywhere, and the page says no more than it knows. */

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

test("while nobody can say who sits here, the page asks nobody to log in", LIMIT, async () => {
  const { page } = await open();
  const name = unique("Ada");
  await logIn(page, name);
  const away = { error: "the session store is away", code: "sessions_unavailable", status: 503 };
  await page.route("**/api/me", (route) => {
    return route.fulfill({ status: 503, headers: { "x-replica": "webserver-1" }, json: away });
  });
  await page.reload();
  await page.getByText("webserver-1 cannot say now who you are.").waitFor();
  assert.equal(await page.getByLabel("Your name").isVisible(), false);
  assert.equal(await page.getByText("Log in to").first().isVisible(), false);
  await page.unroute("**/api/me");
  await page.getByText(`You are ${name}`).first().waitFor();
});

test("a browser that keeps no cookies is told so", LIMIT, async () => {
  const { page } = await open();
  await page.route("**/api/login", (route) => {
    const json = { name: "Ada", player: "00000000000000aa", replica: "webserver-1" };
    return route.fulfill({ status: 200, headers: { "x-replica": "webserver-1" }, json });
  });
  await page.getByLabel("Your name").fill("Ada");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").filter({ hasText: "keep cookies" }).waitFor();
  assert.equal(await page.getByLabel("Your name").inputValue(), "Ada");
});
