/** Makes the pictures for the walkthrough: `node e2e/screenshot.mjs OUT_FOLDER`. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setScene } from "./scene.mjs";
import { baseUrl, lanes, launch, REPLICAS } from "./support.mjs";

const PICTURES = [
  { name: "page.png", viewport: { width: 1280, height: 800 } },
  { name: "page-phone.png", viewport: { width: 360, height: 740 } },
];

/** So many marks make the rotation seen. */
const MARKS = 24;

const folder = process.argv[2];
if (!folder)
  throw new Error("Name the folder for the pictures: node e2e/screenshot.mjs OUT_FOLDER");
await mkdir(folder, { recursive: true });
const browser = await launch();
try {
  const open = async () => {
    const context = await browser.newContext({ colorScheme: "light", locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(baseUrl());
    return page;
  };
  const page = await open();
  await lanes(page)
    .nth(REPLICAS - 1)
    .waitFor();
  await page.locator(".mark").nth(MARKS).waitFor({ state: "attached" });
  await setScene(page, open);
  await page.mouse.move(0, 0);
  for (const { name, viewport } of PICTURES) {
    await page.setViewportSize(viewport);
    // What a lesson is about may stand below what fits on a screen: the game, the talk where there is no game, else the replicas.
    const small = viewport.width < 1000;
    const telling = page.locator(small ? ".play, .talk" : ".play").first();
    if ((await telling.count()) > 0) await telling.evaluate((element) => element.scrollIntoView());
    // One that is replaced by the next never finishes.
    await page.evaluate(() => {
      return Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    });
    await page.screenshot({ path: join(folder, name) });
    console.log(join(folder, name));
  }
} finally {
  await browser.close();
}
