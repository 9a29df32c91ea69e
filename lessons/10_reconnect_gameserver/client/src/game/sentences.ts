/** How the game stands, in sentences for people. A sentence changes only when the state does, so it can be read out. */

import { list, REPLACED } from "../lobby/sentences";
import { closed } from "../net/close-codes";
import { problemAndWait } from "../net/problems";
import { RULES } from "./rules/version";
import { isIn, type Status, steers } from "./status";
import type { Occupant } from "./wire";

/** The close codes that only a game server has. */
const [FULL, REFUSED, ANOTHER_SOCKET, MATCH_OVER, GIVEN_UP] = [4006, 4008, 4009, 4010, 4011];

/** The close codes of a server that found fault with what the page said. */
const FAULTS = new Set([1002, 1007, 1008, 1009, 4005]);

/** The name of the goat of a seat. */
export function goat(seat: number): string {
  return `goat ${seat + 1}`;
}

/** The name of the player of a seat, or else of the goat. */
export function whose({ names }: Status, seat: number): string {
  return names[seat] ?? goat(seat);
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function sentence(status: Status, isOut: boolean): string {
  const { phase, seat, lostSince } = status;
  if (lostSince !== null && isIn(status)) return TRYING;
  const me = seat === null ? "You watch." : `You are ${goat(seat)}.`;
  switch (phase.kind) {
    case "off":
      return phase.why;
    case "connecting":
      return status.role === "player" ? "On the way to your seat …" : "On the way to a match …";
    case "idle":
      return me;
    case "gathering":
      return `${me} ${gatheringOf(status)}`;
    case "playing":
      return steers(status) && isOut ? OUT : `${me} ${companyOf(status)}${rulesOf(status)}`;
    case "result":
      return resultOf(status, phase.winner);
    case "cancelled":
      return phase.isFault ? FAULT : DESERTED;
  }
}

/**
 * Why the connection is over. `code`: the close code. `error`: the last word of the server's before it, if it refused something.
 * `before`: how the game stood. `silent`: this page has given up.
 */
export function endOf(
  code: number,
  error: { code: string; retryAfter: number | null } | null,
  before: Status,
  silent: boolean,
): string {
  if (code === ANOTHER_SOCKET) return REPLACED;
  if (code === GIVEN_UP) return "This seat was given up: in another tab, or for another seat.";
  if (code === MATCH_OVER) return overOf(before);
  if (code === FULL) return "This game server has no room for more. Play finds another place.";
  if (code === REFUSED || !isIn(before)) return refusalOf(code, error);
  const { server, role } = before;
  const why = silent ? `${server} fell silent.` : closed(code, server);
  if (role === "watcher") return `${why} You can watch another match.`;
  return `${why} ${FAULTS.has(code) ? KEPT : GONE}`;
}

/** Why a game server did not take a ticket, and what to do. */
function refusalOf(
  code: number,
  error: { code: string; retryAfter: number | null } | null,
): string {
  if (error !== null) {
    return REFUSALS[error.code] ?? problemAndWait(error.code, null, error.retryAfter);
  }
  return code === REFUSED ? "The game server did not take your ticket." : NO_ANSWER;
}

const REFUSALS: Readonly<Record<string, string>> = {
  bad_ticket: "The game server could not read your ticket. Play gives you another one.",
  ticket_used: "Your ticket was used already. Play gives you another one.",
  ticket_expired: "Your seat was held for you, but not for so long. Play gives you another one.",
  clock:
    "The servers' clocks differ too much, so no ticket is good. Whoever runs them must set them.",
  another_server: "Your ticket is for another game server. Play gives you another one.",
  seat_lost: "Your seat is gone. Play gives you another one.",
  // Somebody has come to the seat with a ticket, and only its own player gets one.
  resume_refused: REPLACED,
  match_over: "This match is over. Play gives you another one.",
  draining: "This game server is about to stop, and takes nobody in. Play gives you another one.",
  directory_away: "The game server cannot find out now who has which seat. Try again in a while.",
};

const NO_ANSWER = "The game server of this match does not answer.";

const OUT = "Your goat is out. You can see how it ends, or play in another match.";

const TRYING = "Connection lost. The page is trying to come back …";

const KEPT = "Your seat is kept for you as long as the match goes on.";

const GONE = "It is gone, and your match with it. Play gives you a seat in another one.";

const OTHER_RULES =
  " Its server has other rules than this page, so you see everything as late as it arrives here.";

const FAULT = "This match ended by a fault of the server. You can play in another one.";

const DESERTED = "All players have left this match.";

/** How a match was when it was over. */
function overOf(before: Status): string {
  const { phase } = before;
  if (phase.kind === "result") return `The match is over. ${resultOf(before, phase.winner)}`;
  return phase.kind === "cancelled" ? sentence(before, false) : "The match is over.";
}

function resultOf(status: Status, winner: number | null): string {
  if (winner === null) return "Nobody has won.";
  return winner === status.seat ? "You have won!" : `${capital(whose(status, winner))} has won.`;
}

function gatheringOf({ seats }: Status): string {
  const free = seats.filter((seat) => seat === "free").length;
  if (free === 0) return "All seats are taken.";
  return `Bots will play the ${free === 1 ? "one goat that is" : `${free} goats that are`} free.`;
}

/** Who else plays. */
function companyOf({ seats, seat }: Status): string {
  const others = seats.filter((_, n) => n !== seat);
  const number = (kind: Occupant) => others.filter((occupant) => occupant === kind).length;
  const [players, away] = [number("player"), number("away")];
  const bots = others.length - players - away;
  const parts = [count(players, "player"), count(away, "absent player"), count(bots, "bot")];
  const all = list(parts.filter((part) => part !== ""));
  return seat === null
    ? `${capital(all)} ${others.length === 1 ? "plays" : "play"}.`
    : `Against you: ${all}.`;
}

function rulesOf({ rules }: Status): string {
  return rules === RULES ? "" : OTHER_RULES;
}

function count(n: number, what: string): string {
  if (n === 0) return "";
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}
