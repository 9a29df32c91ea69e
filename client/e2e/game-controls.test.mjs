/** What a player does with keys and fingers, and what must not happen by that. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, message } from "./chat-support.mjs";
import { browser, unique } from "./support.mjs";
import {
  inputsDuring,
  MATCH_LIMIT,
  NO_DIRECTION,
  play,
  playing,
  said,
  steers,
  traffic,
} from "./game-support.mjs";

/** @typedef {import("playwright-core").Page} Page */

/** So soon a goat whose player went elsewhere must stand, in milliseconds. */
const AT_ONCE = 100;

const [EAST, NORTH] = [0, 24];
const NEUTRAL = { direction: NO_DIRECTION, hold: false };
const CHARGING = { direction: EAST, hold: true };

const player = playing(browser());

/** Somebody who has a goat. @param {import("playwright-core").BrowserContextOptions} [options] */
async function withGoat(options) {
  const opened = await player(options);
  await play(opened.page);
  await steers(opened.page);
  const devtools = await opened.context.newCDPSession(opened.page);
  return { ...opened, devtools };
}

test("a key that is pressed for 10 ms is felt, 40 times of 40", MATCH_LIMIT, async () => {
  const { page } = await withGoat();
  const inputs = await inputsDuring(page, async () => {
    for (let n = 0; n < 40; n++) {
      await page.keyboard.press("Space", { delay: 10 });
      // A press and its release are played in two ticks, so there are ten in a second at the most. The goat butts each time, so it soon falls.
      await page.waitForTimeout(120);
    }
    await said(page, NEUTRAL);
  });
  let presses = 0;
  for (const [n, { hold }] of inputs.entries()) if (hold && !inputs[n - 1]?.hold) presses += 1;
  assert.equal(presses, 40);
});

test("the goat does not run on when its player goes elsewhere", MATCH_LIMIT, async () => {
  const { page, context, devtools } = await withGoat();
  await devtools.send("Emulation.setFocusEmulationEnabled", { enabled: false });
  const other = await context.newPage();
  /** @type {[string, () => Promise<unknown>][]} */
  const ways = [
    ["another window", () => other.bringToFront()],
    ["the chat", () => page.getByRole("button", { name: "Who answers?" }).focus()],
    [
      "a page that is hidden",
      () =>
        page.evaluate(() => {
          Object.defineProperty(document, "hidden", { value: true, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
          Object.defineProperty(document, "hidden", { value: false, configurable: true });
        }),
    ],
  ];
  for (const [name, goes] of ways) {
    await page.bringToFront();
    await page.locator(".stage").focus();
    await page.keyboard.down("KeyD");
    await page.keyboard.down("Space");
    await said(page, CHARGING);
    await page.evaluate(() => {
      const lost = () => Reflect.set(window, "lostAt", performance.now());
      const options = { once: true, capture: true };
      for (const event of ["blur", "visibilitychange"]) addEventListener(event, lost, options);
    });
    await goes();
    await said(page, NEUTRAL);
    const { inputs } = await traffic(page);
    const lostAt = await page.evaluate(() => Reflect.get(window, "lostAt"));
    const neutral = inputs.find(({ at, hold }) => at >= lostAt && !hold);
    assert.ok(neutral && neutral.at - lostAt < AT_ONCE, `${name}: ${neutral?.at} after ${lostAt}`);
    await page.keyboard.up("Space");
    await page.keyboard.up("KeyD");
  }
});

test("what is typed in the chat steers nothing", MATCH_LIMIT, async () => {
  const { page, devtools } = await withGoat();
  await connected(page);
  const field = page.getByLabel("Message", { exact: true });
  const text = unique("was dadas wwdd a sad saw");
  const inputs = await inputsDuring(page, async () => {
    await field.focus();
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
    await message(page, text).waitFor();
    await devtools.send("Input.imeSetComposition", {
      text: "わさ",
      selectionStart: 2,
      selectionEnd: 2,
    });
    await page.waitForTimeout(500);
  });
  assert.ok(inputs.every(({ direction, hold }) => direction === NO_DIRECTION && !hold));
  assert.equal(await field.inputValue(), "わさ");
});

test("keys that steer do not scroll, and count by their place", MATCH_LIMIT, async () => {
  const { page, devtools } = await withGoat({ viewport: { width: 1280, height: 500 } });
  await page.locator(".stage").focus();
  const before = await page.evaluate(() => scrollY);
  for (const key of ["Space", "ArrowDown", "ArrowUp", "ArrowRight"]) await page.keyboard.press(key);
  assert.equal(await page.evaluate(() => scrollY), before);
  // Where others have a W, a French keyboard has a Z.
  const key = { key: "z", code: "KeyW", windowsVirtualKeyCode: 90 };
  await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", ...key, text: "z" });
  await said(page, { direction: NORTH, hold: false });
  await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  await said(page, NEUTRAL);
  // What belongs to the browser is left to it, and so is what writes a language.
  const inputs = await inputsDuring(page, async () => {
    await page.keyboard.press("Control+a");
    const composing = { key: "Process", code: "KeyD", windowsVirtualKeyCode: 229 };
    await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...composing });
    await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...composing });
    await page.waitForTimeout(300);
  });
  assert.ok(inputs.every(({ direction }) => direction === NO_DIRECTION));
  // The focus is not caught.
  await page.keyboard.press("Tab");
  assert.equal(await page.locator(".stage").evaluate((it) => it === document.activeElement), false);
});

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test("a finger that stays charges, and opens no menu and zooms nothing", MATCH_LIMIT, async () => {
  const { page, devtools, problems } = await withGoat(PHONE);
  const at = async (/** @type {string} */ selector, dx = 0) => {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box);
    return { x: box.x + box.width / 2 + dx, y: box.y + box.height / 2 };
  };
  const touch = (
    /** @type {"touchStart" | "touchMove" | "touchEnd" | "touchCancel"} */ type,
    /** @type {{ x: number, y: number, id: number }[]} */ touchPoints,
  ) => devtools.send("Input.dispatchTouchEvent", { type, touchPoints });
  await page.evaluate(() => {
    /** @type {string[]} */
    const menus = [];
    Reflect.set(window, "menus", menus);
    addEventListener("contextmenu", (event) => event.defaultPrevented || menus.push(event.type));
  });
  const scrolled = await page.evaluate(() => scrollY);
  const butt = { ...(await at("#butt")), id: 1 };
  const stick = { ...(await at(".stick", 50)), id: 2 };
  const mountain = { ...(await at(".stage")), id: 3 };

  // Charge with one finger, steer with another, and rest a third on the mountain.
  await touch("touchStart", [butt]);
  await said(page, { direction: NO_DIRECTION, hold: true });
  const held = await inputsDuring(page, async () => {
    await touch("touchStart", [butt, stick]);
    await said(page, CHARGING);
    await touch("touchStart", [butt, stick, mountain]);
    await page.waitForTimeout(900);
  });
  assert.ok(
    held.every(({ hold }) => hold),
    "the hold must not break",
  );
  await touch("touchEnd", []);
  await said(page, NEUTRAL);

  // Two taps in a row, on all of them.
  for (const point of [butt, stick, mountain]) {
    for (let tap = 0; tap < 2; tap++) {
      await touch("touchStart", [point]);
      await touch("touchEnd", []);
    }
  }
  await said(page, NEUTRAL);

  // The browser takes the finger away, as for a call.
  await touch("touchStart", [butt]);
  await said(page, { direction: NO_DIRECTION, hold: true });
  await touch("touchCancel", []);
  await said(page, NEUTRAL);

  const [menus, selected, zoom] = await page.evaluate(() => [
    Reflect.get(window, "menus"),
    String(getSelection()),
    visualViewport?.scale,
  ]);
  assert.deepEqual([menus, selected, zoom], [[], "", 1]);
  assert.equal(await page.evaluate(() => scrollY), scrolled, "nothing is scrolled away");
  assert.deepEqual(problems, []);
});
