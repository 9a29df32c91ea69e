/** A connection that breaks: what was typed, and what the person decides. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, browser, LIMIT, logIn, unique } from "./support.mjs";
import { connected, message, say } from "./chat-support.mjs";

const open = browser();

test(
  "a broken connection loses nothing that was typed, and sends nothing twice",
  LIMIT,
  async () => {
    const wire = { swallow: false, refuse: false, cut: async () => {} };
    const name = unique("Ada");
    const { page } = await open();
    await page.routeWebSocket("**/ws", (socket) => {
      if (wire.refuse) return void socket.close({ code: 1013 });
      const server = socket.connectToServer();
      socket.onMessage((frame) => {
        if (!wire.swallow) server.send(frame);
      });
      wire.cut = async () => {
        await server.close();
        await socket.close({ code: 1012 });
      };
    });
    await page.reload();
    await logIn(page, name);
    await connected(page);

    // On its way when the connection breaks: nobody knows whether it arrived, so the person decides.
    wire.swallow = true;
    wire.refuse = true;
    const uncertain = unique("did it arrive");
    await say(page, uncertain);
    await page.locator(".entry.sending", { hasText: uncertain }).waitFor();
    await wire.cut();
    const entry = page.locator(".entry.uncertain", { hasText: uncertain });
    await entry.waitFor();

    // Typed while there is no connection: certainly not sent, so it follows by itself.
    const later = unique("later");
    await say(page, later);
    await page.locator(".entry.waiting", { hasText: later }).waitFor();
    await assertAccessible(page);
    wire.swallow = false;
    wire.refuse = false;
    await connected(page);
    await page.getByText("You were away for").waitFor();
    await message(page, later).waitFor();
    assert.equal(await message(page, uncertain).count(), 0, "nobody asked for it to be sent again");

    await entry.getByRole("button", { name: "Send again" }).click();
    await message(page, uncertain).waitFor();
    await entry.waitFor({ state: "detached" });
  },
);
