/** The page in every lesson: who answers, who am I, and what a person can rely on. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  assertAccessible,
  assertFits,
  browser,
  LIMIT,
  lanes,
  logIn,
  pause,
  REPLICAS,
  unique,
} from "./support.mjs";

const open = browser();

test("the panel shows the rotation over all replicas", LIMIT, async () => {
  const { page, problems } = await open();
  await lanes(page)
    .nth(REPLICAS - 1)
    .waitFor();
  // Each lane comes to be the newest: the turn goes on.
  for (const lane of await lanes(page).all()) {
    const name = await lane.getAttribute("data-replica");
    await lanes(page, `.newest[data-replica="${name}"]`).waitFor();
    await lane.locator(".facts", { hasText: "served" }).waitFor();
  }
  await page.getByText(`${REPLICAS} replicas answered lately.`).waitFor();
  assert.deepEqual(problems, []);
});

test("a person asks, and the calls are told in words", LIMIT, async () => {
  const { page, problems } = await open();
  await pause(page);
  const rows = page.locator("tr.own td:first-child");
  const replicas = new Set();
  // Somebody else may ask in between, so one's own turn need not be even.
  for (let n = 0; n < 10 * REPLICAS && replicas.size < REPLICAS; n++) {
    await page.getByRole("button", { name: "Who answers?" }).click();
    await page.locator(".mark.big").nth(n).waitFor({ state: "attached" });
    replicas.add(await rows.first().textContent());
  }
  assert.equal(replicas.size, REPLICAS, `the calls went to ${[...replicas].join(", ")} only`);
  await page.getByRole("button", { name: "Who am I?" }).click();
  await page.locator("tr.own", { hasText: "GET /api/me" }).waitFor();
  assert.deepEqual(problems, []);
});

test("log in and log out", LIMIT, async () => {
  const { page, problems } = await open();
  const name = unique("Ada");
  await pause(page);
  await logIn(page, name);
  await lanes(page, '[data-knows="yes"]').first().waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Your name").waitFor();
  assert.equal(await page.getByText(`You are ${name}`).isVisible(), false);
  const focused = await page.evaluate(() => document.activeElement?.id);
  assert.equal(focused, "name", "whoever logs out goes on at the log-in");
  assert.deepEqual(problems, []);
});

test("whoever logs out at once is not made to wait", LIMIT, async () => {
  const { page, problems } = await open();
  await pause(page);
  // Behind a log-in the page asks whether it holds. Nothing may wait for the answer.
  const asked = new Promise((resolve) => page.route("**/api/me", resolve));
  await logIn(page, unique("Ada"));
  const question = await asked;
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByLabel("Your name").waitFor();
  // Begun first: the answer may be there before the next line is.
  const answer = page.waitForResponse("**/api/me");
  await question.continue();
  await (await answer).finished();
  // What the page makes of an answer, it has made before the next frame is drawn.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  const told = await page.getByText("keep cookies").isVisible();
  assert.equal(told, false, "an old answer is about nobody");
  assert.deepEqual(problems, []);
});

test("a name that is refused says why, and stays to be mended", LIMIT, async () => {
  const { page } = await open();
  await page.getByLabel("Your name").fill("a".repeat(33));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").filter({ hasText: "32" }).waitFor();
  assert.equal(await page.getByLabel("Your name").inputValue(), "a".repeat(33));
});

test("a name is text, whatever stands in it", LIMIT, async () => {
  const { page, problems } = await open();
  await pause(page);
  await logIn(page, "<img src=x>");
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.deepEqual(problems, []);
});

test("when nobody answers, the page says so, and recovers by itself", LIMIT, async () => {
  const { page } = await open();
  await lanes(page).first().waitFor();
  await page.route("**/api/**", (route) => route.abort());
  await page.getByText("No replica answers.").waitFor();
  await page.locator(".lane.nobody").waitFor();
  await assertAccessible(page);
  await page.unroute("**/api/**");
  await page.getByText(`${REPLICAS} replicas answered lately.`).waitFor();
});

test("what a proxy says counts as no replica", LIMIT, async () => {
  const { page } = await open();
  await page.route("**/api/**", (route) => route.fulfill({ status: 502, body: "Bad Gateway" }));
  await page.locator("tr", { hasText: "no replica" }).filter({ hasText: "502" }).first().waitFor();
});

for (const width of [360, 1280]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(
      `${width} pixels wide and ${colorScheme}: it fits, and axe is content`,
      LIMIT,
      async () => {
        const { page, problems } = await open({ viewport: { width, height: 740 }, colorScheme });
        await lanes(page)
          .nth(REPLICAS - 1)
          .waitFor();
        await assertFits(page);
        await assertAccessible(page);
        await pause(page);
        // As wide as a name can be.
        await logIn(page, unique("W".repeat(25)));
        await lanes(page, '[data-knows="yes"]').first().waitFor();
        await assertFits(page);
        await assertAccessible(page);
        assert.deepEqual(problems, []);
      },
    );
  }
}

test(
  "by keyboard alone, everything can be reached and is seen to have the focus",
  LIMIT,
  async () => {
    const { page, problems } = await open();
    const name = unique("Ada");
    await page.getByLabel("Your name").waitFor();
    await focusBy(page, "Tab", "pause");
    await page.keyboard.press("Space");
    await page.getByText("The page is paused.").waitFor();
    await focusBy(page, "Shift+Tab", "name");
    await page.keyboard.type(name);
    await page.keyboard.press("Enter");
    await page.getByText(`You are ${name}`).first().waitFor();
    const controls = "a[href], button, input, [tabindex='0']";
    const wanted = await page.locator(controls).filter({ visible: true }).count();
    await page.locator("body").evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    const reached = new Set();
    // One press more than there are controls: it leads from the last to the first.
    for (let n = 0; n <= wanted; n++) {
      await page.keyboard.press("Tab");
      const on = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle } = getComputedStyle(element);
        return { outlineStyle, name: `${element.tagName} ${element.id} ${element.textContent}` };
      });
      if (on === null) continue;
      assert.notEqual(on.outlineStyle, "none", `${on.name} shows no focus`);
      reached.add(on.name);
    }
    assert.equal(reached.size, wanted, [...reached].join(", "));
    assert.deepEqual(problems, []);
  },
);

test("whoever wants no motion sees none", LIMIT, async () => {
  const { page } = await open({ reducedMotion: "reduce" });
  await lanes(page).first().waitFor();
  const moving = await page.evaluate(() => document.getAnimations().length);
  assert.equal(moving, 0);
});

/**
 * Presses a key until the focus is on the element of this id.
 * @param {import("playwright-core").Page} page
 * @param {string} key
 * @param {string} id
 */
async function focusBy(page, key, id) {
  for (let n = 0; n < 10; n++) {
    await page.keyboard.press(key);
    if ((await page.locator(":focus").getAttribute("id")) === id) return;
  }
  assert.fail(`${key} does not lead to #${id}`);
}
