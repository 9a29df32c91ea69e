/** A game server is cut off in the middle of a match: the page says so, and goes on trying. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MATCH_LIMIT, play, playing, seatOf, steers } from "./game-support.mjs";
import { assertAccessible, browser } from "./support.mjs";

const player = playing(browser());

test("cut off, the page says so, and comes back when it is let in", MATCH_LIMIT, async () => {
  const { page } = await player();
  /** @type {import("playwright-core").WebSocketRoute[]} */
  const sockets = [];
  const server = { isDead: false };
  await page.routeWebSocket(/\/game\//, (socket) => {
    sockets.push(socket);
    if (server.isDead) socket.close({ code: 3000 });
    else socket.connectToServer();
  });
  await page.reload();
  await play(page);
  await steers(page);
  const { match_id } = await seatOf(page);
  server.isDead = true;
  await Promise.all(sockets.map((socket) => socket.close({ code: 3000 })));
  await page.getByText("Connection lost.").waitFor();
  await assertAccessible(page);
  // It does not give up.
  await page.locator(".caption-below", { hasText: "4 s" }).waitFor();
  server.isDead = false;
  await steers(page);
  await page.getByText(/^You are goat/).waitFor();
  assert.equal((await seatOf(page)).match_id, match_id);
});
