/** How the game stands, in sentences for people. A sentence changes only when the state does, so it can be read out. */

import { closed } from "../net/close-codes";
import { problemAndWait } from "../net/problems";
import { type Status, steers } from "./status";

/** The close code of a server that has no seat left, and its word for the same. */
const [FULL, FULL_CODE] = [4006, "full"];

/** The name of the goat of a seat. */
export function goat(seat: number): string {
  return `goat ${seat + 1}`;
}

export function sentence(status: Status, isOut: boolean): string {
  const { phase, seat } = status;
  const me = seat === null ? "You watch." : `You are ${goat(seat)}.`;
  switch (phase.kind) {
    case "off":
      return phase.why === "" ? INVITATION : phase.why;
    case "connecting":
      return status.role === "player" ? "Looking for a seat …" : "Looking for a match …";
    case "idle":
      return seat === null ? "Nobody plays now. The next match will be seen here." : me;
    case "gathering":
      return `${me} ${gatheringOf(status)}`;
    case "playing":
      if (steers(status)) return isOut ? OUT : `${me} ${companyOf(status)}`;
      if (seat === null) return `${me} ${companyOf(status)}`;
      return `This match has no goat for you. In the next one you are ${goat(seat)}.`;
    case "result":
      return resultOf(phase.winner, seat);
    case "cancelled":
      return "This match ended by a fault of the server. The next one begins soon.";
  }
}

/**
 * Why the connection is over. `code`: the close code. `error`: the last word of the server's before it, if it refused something.
 * `server`: who that was; empty if it never said so. `silent`: this page has given up.
 */
export function endOf(
  code: number,
  error: { code: string; retryAfter: number | null } | null,
  server: string,
  silent: boolean,
): string {
  if (code === FULL || error?.code === FULL_CODE) {
    return "All seats of this match are taken by players. You can watch, or try again later.";
  }
  if (silent && server !== "") return `${server} fell silent. ${LOST}`;
  const who = server === "" ? "The game server" : server;
  if (server === "" && error !== null) return problemAndWait(error.code, null, error.retryAfter);
  if (server === "") return "No game server answers. Try again in a while.";
  return `${closed(code, who)} ${LOST}`;
}

const INVITATION = "Butt the others off a mountain that shrinks. The last goat with lives wins.";

const OUT = "Your goat is out. You play again in the next match.";

const LOST =
  "If the match goes on, a bot plays your goat. Whoever comes back gets any goat that is free.";

function resultOf(winner: number | null, own: number | null): string {
  if (winner === null) return "Nobody has won.";
  return winner === own ? "You have won!" : `${capital(goat(winner))} has won.`;
}

function gatheringOf({ seats }: Status): string {
  const free = seats.filter((seat) => seat === "free").length;
  if (free === 0) return "All seats are taken.";
  return `Bots will play the ${free === 1 ? "one goat that is" : `${free} goats that are`} free.`;
}

/** Who else plays. */
function companyOf({ seats, seat }: Status): string {
  const others = seats.filter((_, n) => n !== seat);
  const players = others.filter((occupant) => occupant === "player").length;
  const bots = others.length - players;
  const parts = [count(players, "player"), count(bots, "bot")].filter((part) => part !== "");
  const all = parts.join(" and ");
  return seat === null
    ? `${capital(all)} ${others.length === 1 ? "plays" : "play"}.`
    : `Against you: ${all}.`;
}

function count(n: number, what: string): string {
  if (n === 0) return "";
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
