/** Makes the same pictures for those who like it dark: `node e2e/screenshot-dark.mjs OUT_FOLDER`. */

import { join } from "node:path";
import { setScene } from "./scene.mjs";
import { baseUrl, launch } from "./support.mjs";

const PICTURES = [
  { name: "page-dark.png", viewport: { width: 1280, height: 800 } },
  { name: "page-phone-dark.png", viewport: { width: 360, height: 740 } },
];

const folder = process.argv[2];
if (!folder)
  throw new Error("Name the folder for the pictures: node e2e/screenshot-dark.mjs OUT_FOLDER");
const browser = await launch();
try {
  const open = async () => {
    const context = await browser.newContext({ colorScheme: "dark", locale: "en-GB" });
    const page = await context.newPage();
    await page.goto(baseUrl());
    return page;
  };
  const page = await open();
  await setScene(page, open);
  await page.mouse.move(0, 0);
  for (const { name, viewport } of PICTURES) {
    await page.setViewportSize(viewport);
    await page.locator(".play").evaluate((element) => element.scrollIntoView());
    await page.screenshot({ path: join(folder, name) });
    console.log(join(folder, name));
  }
} finally {
  await browser.close();
}
