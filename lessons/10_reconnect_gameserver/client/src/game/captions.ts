/** What is written over the picture, in a few large words: what a person who plays must see without looking away. */

import { capital, goat, whose } from "./sentences";
import { isIn, type Status } from "./status";
import { type Caption, NO_CAPTION } from "./view";
import type { GoatView } from "./world";

/** A match begins with a word, which is to be seen so long. In milliseconds. */
const GO_MS = 900;

/**
 * `me`: the own goat, if there is one. `isDeaf`: whether it does not hear the keys. `time`: on the clock of the status; `sinceMs`: how long its
 * phase has lasted, in milliseconds.
 */
export function caption(
  status: Status,
  me: GoatView | null,
  isDeaf: boolean,
  time: number,
  sinceMs: number,
): Caption {
  const { phase, seat } = status;
  if (status.lostSince !== null && isIn(status)) return lost(status, time - status.lostSince);
  const hint = hintOf(me, isDeaf, status.tickRate);
  switch (phase.kind) {
    case "gathering": {
      const left = String(Math.max(0, Math.ceil((phase.startsAt - time) / 1000)));
      const below = seat === null ? "" : `You are ${goat(seat)}`;
      return { above: "The match begins in", large: left, below, hint: "" };
    }
    case "playing":
      return { ...NO_CAPTION, large: sinceMs < GO_MS ? "Go!" : "", hint };
    case "result": {
      const left = Math.max(0, Math.ceil((phase.closesAt - time) / 1000));
      return { ...NO_CAPTION, large: winnerOf(status, phase.winner), below: `Ends in ${left} s` };
    }
    default:
      return NO_CAPTION;
  }
}

/** `lostMs`: for how long nothing was heard. */
function lost({ graceMs, phase }: Status, lostMs: number): Caption {
  const trying = `Trying again … ${Math.floor(lostMs / 1000)} s`;
  const isBots = phase.kind === "playing" && graceMs > 0 && lostMs >= graceMs;
  const hint = isBots ? "A bot plays your goat until you are back" : "";
  return { above: "Connection lost", large: "", below: trying, hint };
}

function winnerOf(status: Status, winner: number | null): string {
  if (winner === null) return "A draw";
  return winner === status.seat ? "You win!" : `${capital(whose(status, winner))} wins!`;
}

function hintOf(me: GoatView | null, isDeaf: boolean, tickRate: number): string {
  if (me?.standing === "climbing") return `Back in ${Math.ceil(me.ticksLeft / tickRate)} s`;
  return isDeaf ? "Click the mountain to steer" : "";
}
