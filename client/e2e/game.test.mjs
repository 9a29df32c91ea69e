/** The game, in browsers that play against bots and against each other. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertFits, browser, LIMIT } from "./support.mjs";
import { MATCH_LIMIT, play, playing, seatOf, steers, traffic } from "./game-support.mjs";

const player = playing(browser());

for (const width of [360, 1280]) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    test(
      `${width} pixels wide and ${colorScheme}, from the title to the play: it fits, and axe is content`,
      MATCH_LIMIT,
      async () => {
        const { page, problems } = await player({
          viewport: { width, height: 740 },
          colorScheme,
          hasTouch: width === 360,
          isMobile: width === 360,
        });
        await page.getByText("Butt the others off").waitFor();
        await assertFits(page);
        await play(page);
        await page.locator('[data-phase="gathering"]').waitFor();
        await page.getByText(/^You are goat \d\. Bots will play/).waitFor();
        await assertFits(page);
        await assertAccessible(page);
        await steers(page);
        await page.getByText(/^You are goat \d\. Against you: 7 bots\.$/).waitFor();
        await page.locator(".lag summary").click();
        await assertFits(page);
        await assertAccessible(page);
        // On a phone, the whole mountain and what steers are in sight at once.
        const low = page.locator(width === 360 ? ".touch" : ".arena");
        const box = await low.boundingBox();
        assert.ok(box && box.y + box.height <= 740, `it ends at ${box?.y} + ${box?.height}`);
        assert.deepEqual(problems, []);
      },
    );
  }
}

test("two who play soon after each other are in one match", MATCH_LIMIT, async () => {
  const [ada, bob] = [await player(), await player()];
  for (const { page } of [ada, bob]) await play(page);
  for (const { page } of [ada, bob]) {
    await steers(page);
    await page.getByText("1 player and 6 bots.").waitFor();
    assert.equal(await page.locator('.goats [data-who="player"]').count(), 2);
    assert.equal(await page.locator(".goats .own").count(), 1);
  }
  const own = (/** @type {typeof ada} */ { page }) =>
    page.locator(".goats .own .goat-number").textContent();
  assert.notEqual(await own(ada), await own(bob));
  const [adas, bobs] = [await seatOf(ada.page), await seatOf(bob.page)];
  assert.deepEqual([adas.server, adas.match_id], [bobs.server, bobs.match_id]);
  assert.equal(await ada.page.locator(".hud-server").textContent(), adas.server);
  // Each sees the name of the other.
  await ada.page.locator(".goats", { hasText: bob.name }).waitFor();
  await bob.page.locator(".goats", { hasText: ada.name }).waitFor();
  // Whoever leaves is followed by a bot, and nobody waits for that.
  await bob.page.getByRole("button", { name: "Leave" }).click();
  await ada.page.getByText("Against you: 7 bots.").waitFor();
  assert.equal(await bob.page.evaluate(() => document.activeElement?.id), "play");
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});

test("a match is watched to its result, and to its end", MATCH_LIMIT, async () => {
  const [ada, watcher] = [await player(), await player()];
  await play(ada.page);
  await steers(ada.page);
  await watcher.page.getByRole("button", { name: "Watch" }).click();
  await watcher.page.getByText(/^You watch\. 1 player and 7 bots play\.$/).waitFor();
  await watcher.page.waitForFunction(() => Reflect.get(window, "traffic").ticks.length > 20);
  await watcher.page.locator('[data-phase="result"]').waitFor({ timeout: 100_000 });
  for (const { page } of [ada, watcher]) {
    await page
      .getByText(/(You have|has) won[.!]$/)
      .first()
      .waitFor();
    await assertAccessible(page);
  }
  await watcher.page.getByText(/^The match is over\. .* won[.!]$/).waitFor();
  assert.deepEqual((await traffic(watcher.page)).inputs, [], "who watches steers nothing");
  assert.deepEqual([...ada.problems, ...watcher.problems], []);
});

test("where no game server answers, the page says so, and all else works", LIMIT, async () => {
  const { page } = await player();
  await page.routeWebSocket(/\/game\//, (socket) => socket.close({ code: 1013 }));
  await play(page);
  await page.getByText("The game server of this match does not answer.").waitFor();
  await page.getByText(/replicas answered lately\./).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
});

test(
  "the slider makes the network worse, and the page shows by how much",
  MATCH_LIMIT,
  async () => {
    const { page } = await player();
    await play(page);
    await page.locator(".lag summary").click();
    await page.getByLabel("Delay, each way").fill("300");
    await page.waitForFunction(() => {
      return Number.parseInt(document.querySelector(".hud-ping")?.textContent ?? "0", 10) >= 600;
    });
    await page.locator("summary", { hasText: "300 ms more each way" }).waitFor();
    await steers(page);
    await page.waitForFunction(() => {
      return Number.parseInt(document.querySelector(".hud-age")?.textContent ?? "0", 10) >= 300;
    });
  },
);

test("whoever wants no motion sees a mountain that stands still", MATCH_LIMIT, async () => {
  for (const reducedMotion of /** @type {const} */ (["reduce", "no-preference"])) {
    const { page, context } = await player({ reducedMotion });
    await play(page);
    await page.locator('[data-phase="gathering"]').waitFor();
    // The last thing that comes before the match is the word of who is here.
    await page.locator(".hud-ping", { hasText: "ms" }).waitFor();
    const moves = await page.evaluate(async () => {
      const canvas = document.querySelector("canvas");
      const before = canvas?.toDataURL();
      await new Promise((resolve) => setTimeout(resolve, 700));
      return canvas?.toDataURL() !== before;
    });
    assert.equal(moves, reducedMotion !== "reduce");
    await context.close();
  }
});
