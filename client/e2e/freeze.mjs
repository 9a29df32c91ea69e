/** Servers of the system that stand still for a while. */

import assert from "node:assert/strict";

/**
 * Holds a server of the system for as long as something is done.
 * @param {string} server
 * @param {() => Promise<void>} act
 */
export async function whileFrozen(server, act) {
  await ask(server, "freeze");
  try {
    await act();
  } finally {
    await ask(server, "thaw");
  }
}

/**
 * @param {string} server
 * @param {"freeze" | "thaw"} what
 */
async function ask(server, what) {
  const path = `/servers/${server}/${what}`;
  const answer = await fetch(new URL(path, process.env.GOATSCALE_CONTROL), { method: "POST" });
  assert.equal(answer.status, 200, await answer.text());
}
