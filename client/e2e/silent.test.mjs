/** Connections that are dead though nothing closed them: the page finds out by itself, and soon. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { connected, joining, message, say } from "./chat-support.mjs";
import { browser, LIMIT, unique } from "./support.mjs";

const open = browser();
const join = joining(open);

test("what swallows all words is left, and what was typed into it arrives", LIMIT, async () => {
  const [ada, bob] = await Promise.all([join("Ada"), join("Bob")]);
  const wire = { swallows: false };
  await ada.page.routeWebSocket(/\/ws/, (socket) => {
    if (wire.swallows) return;
    const server = socket.connectToServer();
    socket.onMessage((frame) => {
      if (!wire.swallows) server.send(frame);
    });
    server.onMessage((frame) => {
      if (!wire.swallows) socket.send(frame);
    });
  });
  await ada.page.reload();
  await connected(ada.page);
  wire.swallows = true;
  // As when a laptop is opened in another network.
  await ada.page.evaluate(() => window.dispatchEvent(new Event("online")));
  await ada.page.getByText("fell silent. Trying again").waitFor();

  // The next one is taken, and then nothing comes: that is no connection either.
  const text = unique("typed while nothing answered");
  await say(ada.page, text);
  await ada.page.locator(".entry.waiting", { hasText: text }).waitFor();
  await ada.page.locator('.talk[data-link="connecting"]').waitFor();
  await ada.page.locator('.talk[data-link="waiting"]').waitFor();
  wire.swallows = false;
  await ada.page.getByRole("button", { name: "Try now" }).click();
  await connected(ada.page);
  for (const { page } of [ada, bob]) await message(page, text).waitFor();
  assert.deepEqual([...ada.problems, ...bob.problems], []);
});
