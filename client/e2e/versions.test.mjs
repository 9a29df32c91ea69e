/** What the panel says while one version is replaced by the next. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertFits, browser, LIMIT, lanes, REPLICAS } from "./support.mjs";

const open = browser();

for (const width of [360, 1280]) {
  test(`${width} pixels wide, each replica shows its version`, LIMIT, async () => {
    const { page, problems } = await open({ viewport: { width, height: 740 } });
    await lanes(page)
      .nth(REPLICAS - 1)
      .waitFor();
    assert.equal(await page.locator(".versions").textContent(), "");

    // One of them is of the next version, as in the middle of a roll.
    const next = await lanes(page).first().getAttribute("data-replica");
    await page.route("**/api/whoami", async (route) => {
      // Chromium finds *.localhost by itself, Node does not.
      const url = new URL(route.request().url());
      const headers = { ...route.request().headers(), host: url.host };
      url.hostname = "127.0.0.1";
      const response = await route.fetch({ url: url.href, headers });
      const json = await response.json();
      if (json.replica === next) {
        Object.assign(json, { version: "99.0.0", started_at: new Date().toISOString() });
      }
      await route.fulfill({ response, json });
    });
    await page.getByText(/^Two versions answered lately: .* and 99\.0\.0\.$/).waitFor();
    await lanes(page, `[data-replica="${next}"]`)
      .locator(".version.new", { hasText: "v99.0.0" })
      .waitFor();
    await lanes(page)
      .locator(".version.old")
      .nth(REPLICAS - 2)
      .waitFor();
    await assertFits(page);
    await assertAccessible(page);
    await page.unroute("**/api/whoami");
    await page
      .locator(".versions")
      .filter({ hasNotText: "versions" })
      .waitFor({ state: "attached" });
    assert.deepEqual(problems, []);
  });
}
