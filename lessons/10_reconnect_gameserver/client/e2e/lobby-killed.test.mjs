/** A game server is cut off, or dies, in the middle of a match: the page tells one from the other, and the way on is short. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { KILLS, kill } from "./control.mjs";
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

test(
  "killed: the page finds out, and whoever plays is in another server's match",
  KILLS,
  async (t) => {
    const { page } = await player();
    const fleet = await page.evaluate(async () => (await fetch("/api/fleet")).json());
    const alive = fleet.servers.filter(
      (/** @type {{ state: string }} */ { state }) => state === "ready" || state === "allocated",
    );
    if (alive.length < 2) return t.skip("with one game server, none would be left");
    await play(page);
    await page.locator('[data-phase="gathering"]').waitFor();
    const { server } = await seatOf(page);
    const { replica } = await page.evaluate(
      async (name) => (await fetch(`/game/${name}/`)).json(),
      server,
    );
    await kill(replica);
    await page.getByText("It is gone, and your match with it.").waitFor();
    await play(page);
    await page.locator('[data-phase="gathering"]').waitFor();
    const next = await seatOf(page);
    assert.notEqual(next.server, server);
  },
);
