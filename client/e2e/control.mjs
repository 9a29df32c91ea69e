/** Changes the system under test, where whoever started it allows that and says so in the environment. */

import assert from "node:assert/strict";
import { LIMIT } from "./support.mjs";

const control = process.env.GOATSCALE_CONTROL;

/** For a test that kills replicas: it is passed over where that cannot be done. */
export const KILLS = {
  ...LIMIT,
  skip: control ? false : "GOATSCALE_CONTROL is not set: nobody here can kill a replica",
};

/**
 * Kills a replica. Once this is done, it is gone.
 * @param {string} replica
 */
export async function kill(replica) {
  await ask("DELETE", `/replicas/${replica}`);
}

/** Starts one more replica. Once this is done, requests get to it. */
export async function start() {
  return await ask("POST", "/replicas");
}

/**
 * @param {string} method
 * @param {string} path
 */
async function ask(method, path) {
  const answer = await fetch(new URL(path, control), { method });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text;
}

/**
 * Puts a barrier into the way from a page to the replicas, for the WebSockets that it opens after it is
 * loaded the next time. While it is closed, none gets through; one that is open already stays so.
 * @param {import("playwright-core").Page} page
 */
export async function barrier(page) {
  const barrier = { closed: false };
  await page.routeWebSocket(/\/ws\?/, (socket) => {
    if (barrier.closed) socket.close({ code: 1013 });
    else socket.connectToServer();
  });
  return {
    close() {
      barrier.closed = true;
    },
    /** Opens it, and lets the page try at once instead of after its pause. */
    async open() {
      barrier.closed = false;
      await page.evaluate(() => window.dispatchEvent(new Event("online")));
    },
  };
}
