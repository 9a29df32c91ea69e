/** How it stands with seat and party, in sentences for people. A sentence changes only when something has, so it can be read out. */

import { problemAndWait } from "../net/problems";
import type { Failure } from "./api";
import type { Stand } from "./stand";
import type { Party } from "./wire";

/** Why a web server gave no seat, or no party, and what to do. */
export function refusal({ code, status, retryAfter }: Failure): string {
  if (code === null) return status === 0 ? "No web server answers." : AWAY;
  const known = REFUSALS[code];
  if (known === undefined) return problemAndWait(code, status, retryAfter);
  const wait = code === "too_many_guesses" && retryAfter !== null;
  return wait ? `${known} Try again in ${retryAfter} s.` : known;
}

/** What a person should know now, as long as this page is in no match. */
export function sentence({ asking, note, standing, pendingCode, isOld }: Stand): string {
  const { player, party, seat } = standing;
  if (asking !== null) return asking.reason === "" ? LOOKING[asking.for] : asking.reason;
  if (note !== "") return note;
  if (seat?.taken) return SEATED;
  if (party !== null) return isOld ? OLD : company(party, player?.player ?? "");
  if (pendingCode !== null) return `Log in, and you join the party ${pendingCode}.`;
  return INVITATION;
}

/** `a, b and c` */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** What is said of a party that is gone, though nobody here left it. */
export const DISSOLVED = "Your party has ended, and its code with it.";

/** What is said when the newest tab has taken the seat over, as the newest always does. */
export const REPLACED = "You play in another tab or window now.";

/** What is said to somebody who wanted back into a match, and came too late. */
export const TOO_LATE = "Your match is over.";

export const LOG_IN = "Log in first, at the top of the page: whoever plays needs a name.";

const INVITATION = "Butt the others off a mountain that shrinks. The last goat with lives wins.";

const OLD = "Nobody can say now how it stands with your party. The page goes on asking.";

const SEATED =
  "You have a seat in a match that goes on. Back in it here, you have left it in any other tab or window.";

const AWAY = "No web server answers; the proxy in front of them says so.";

const LOOKING = {
  alone: "Looking for a seat …",
  party: "Looking for seats for all of you …",
  watch: "Looking for a match …",
};

const REFUSALS: Readonly<Record<string, string>> = {
  unauthorized: LOG_IN,
  in_party: "You are in a party. Play together with it, or leave it first.",
  not_in_party: "You are not in this party any more.",
  party_dissolved: "This party has ended: its match is over, or it was left alone for too long.",
  member_plays: "One of you still plays in another match. Wait until it has ended, or leave it.",
  full: "All seats are taken. You get one as soon as there is room.",
  no_servers: "No game server is ready. You get a seat as soon as one is.",
  match_moving: "Your match is moving to another server. You are back in it in a moment.", // lesson 11
  party_match_full: "Your party's match has no seat left. You get one if somebody leaves.",
  nothing_to_watch: "Nobody plays now, so there is nothing to watch. You could begin.",
  no_such_party: "There is no party with this code. Look at it again: it ends with its match, too.",
  party_full: "This party is full.",
  malformed_code: "This is no code of a party: those have eight letters and digits.",
  matches_unavailable: "The directory of matches does not answer, so nobody gets a seat now.",
  too_many_guesses: "There were too many wrong codes from here.",
};

/** More names make no sentence. */
const MOST_NAMES = 2;

/** Who is in a party with the player of this page. */
function company({ members, size }: Party, me: string): string {
  const others = members.filter(({ player }) => player !== me).map(({ name }) => name);
  if (others.length === 0) return "You have a party. Send your friends the link or the code.";
  const more = others.length - MOST_NAMES;
  const names = more <= 1 ? others : [...others.slice(0, MOST_NAMES), `${more} others`];
  const room = members.length < size ? "" : " It is full.";
  return `You are in a party with ${list(names)}.${room} Anybody in it can begin.`;
}
