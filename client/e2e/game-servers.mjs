/** Starts and stops game servers under test, where whoever started the system allows that. See `KILLS` of control.mjs. */

import assert from "node:assert/strict";

const control = process.env.GOATSCALE_CONTROL;

/** Starts one more game server. Once this is done, requests get to it. */
export async function start() {
  return await ask("/services/gameserver");
}

/**
 * Tells a game server to stop. Once this is done, it has.
 * @param {string} replica
 */
export async function stop(replica) {
  await ask(`/replicas/${replica}/stop`);
}

/** @param {string} path */
async function ask(path) {
  const answer = await fetch(new URL(path, control), { method: "POST" });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text;
}
