/** A game server dies in the middle of a match: the page says so, and the way to another one is short. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { KILLS, kill } from "./control.mjs";
import { MATCH_LIMIT, play, playing, seatOf, steers } from "./game-support.mjs";
import { assertAccessible, browser } from "./support.mjs";

/** So long the directory believes that a server lives which is dead. In milliseconds. */
const LEASE_MS = 3000;

const player = playing(browser());

test("cut off, the page says so, and comes to a new match", MATCH_LIMIT, async () => {
  const { page } = await player();
  /** @type {import("playwright-core").WebSocketRoute[]} */
  const sockets = [];
  const server = { deadUntil: 0 };
  await page.routeWebSocket(/\/game\//, (socket) => {
    sockets.push(socket);
    if (Date.now() < server.deadUntil) socket.close({ code: 3000 });
    else socket.connectToServer();
  });
  await page.reload();
  await play(page);
  await steers(page);
  const { server: name } = await seatOf(page);
  server.deadUntil = Date.now() + LEASE_MS;
  await Promise.all(sockets.map((socket) => socket.close({ code: 3000 })));
  await page.getByText(`The connection to ${name} broke.`).waitFor();
  await assertAccessible(page);
  // The first tickets lead to the dead one, and the page does not give up.
  server.deadUntil = Date.now() + LEASE_MS;
  await play(page);
  await page.getByText("The game server of this match does not answer.").waitFor();
  await page.locator('[data-phase="gathering"], [data-phase="playing"]').first().waitFor();
});

test("killed: whoever plays is in another server's match soon", KILLS, async (t) => {
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
  await page.getByText(`The connection to ${server} broke.`).waitFor();
  await play(page);
  await page.locator('[data-phase="gathering"]').waitFor();
  const next = await seatOf(page);
  assert.notEqual(next.server, server);
});
