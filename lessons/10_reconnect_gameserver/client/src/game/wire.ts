/** The frames of the game's WebSocket: JSON for what is rare, bytes for inputs and snapshots. */

import { type Fields, fields, number, string } from "../net/json";

/** Who steers the goat of a seat. `away`: a player has it, who is not here now. */
export type Occupant = "player" | "away" | "bot" | "free";

export type ServerFrame =
  | Welcome
  | ({ type: "gathering"; match: number; startsInMs: number } & Roster)
  | ({ type: "started" | "seats"; match: number } & Roster)
  | { type: "result"; match: number; winner: number | null; closesInMs: number }
  | { type: "cancelled"; match: number; code: string }
  | { type: "error"; code: string; retryAfter: number | null }
  | { type: "pong"; at: number };

/** The server has let this page in. */
export interface Welcome {
  type: "welcome";
  server: string;
  matchId: string;
  /** From 0; null for who only watches. */
  seat: number | null;
  seats: number;
  /** Ticks a second. */
  tickRate: number;
  /** With this token the page gets the seat back if its connection is lost; null for who only watches. Each welcome offers another one. */
  resume: string | null;
  /** After so long without its player a goat is played by a bot, in milliseconds. */
  graceMs: number;
  /** By which rules the match is played. */
  rules: number;
}

/** Who sits where, from the first seat on. */
export interface Roster {
  seats: Occupant[];
  /** The name of each seat's player; null where there is none. */
  names: (string | null)[];
}

/** What a player does. */
export interface Input {
  /** One of 32, clockwise from 0, which is east; null for none. */
  direction: number | null;
  /** Whether the butt is held, and so charged. */
  hold: boolean;
}

/** Does nothing. */
export const NEUTRAL: Input = { direction: null, hold: false };

/** The first byte of an input. */
const INPUT = 1;

/** In the place of a direction: none. */
const NO_DIRECTION = 255;

/** Reads a frame of text; null if this page does not know it, which a newer server may cause. */
export function read(text: unknown): ServerFrame | null {
  try {
    return frame(fields(JSON.parse(String(text))));
  } catch {
    return null;
  }
}

/** The first frame of all: it says who this page is for the server, and on which seat. */
export function enter(ticket: string): string {
  return JSON.stringify({ type: "enter", ticket });
}

/** The first frame of a page that has lost its connection, and comes back to its seat. */
export function resume(matchId: string, seat: number, token: string): string {
  return JSON.stringify({ type: "resume", match_id: matchId, seat, token });
}

/** The frame that is answered at once, with the same `at`: a whole number from 0 up to 2^53. */
export function ping(at: number): string {
  return JSON.stringify({ type: "ping", at });
}

/** The frame of an input. `sequence`: the tick that it is meant for. That and `seenTick` are cut to 16 bits. */
export function encodeInput(
  { direction, hold }: Input,
  sequence: number,
  seenTick: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, INPUT);
  view.setUint8(1, direction ?? NO_DIRECTION);
  view.setUint8(2, hold ? 1 : 0);
  view.setUint16(4, sequence & 0xffff, true);
  view.setUint16(6, seenTick & 0xffff, true);
  return bytes;
}

function frame(from: Fields): ServerFrame | null {
  switch (from.type) {
    case "welcome":
      return {
        type: "welcome",
        server: string(from, "server"),
        matchId: string(from, "match_id"),
        seat: from.seat === null ? null : number(from, "seat"),
        seats: number(from, "seats"),
        tickRate: number(from, "tick_rate"),
        // A server of the build before says none of these.
        resume: typeof from.resume === "string" ? from.resume : null,
        graceMs: typeof from.grace_ms === "number" ? from.grace_ms : 0,
        rules: typeof from.rules === "number" ? from.rules : 0,
      };
    case "gathering":
      return {
        type: "gathering",
        match: number(from, "match"),
        startsInMs: number(from, "starts_in_ms"),
        ...roster(from),
      };
    case "started":
    case "seats":
      return { type: from.type, match: number(from, "match"), ...roster(from) };
    case "result":
      return {
        type: "result",
        match: number(from, "match"),
        winner: from.winner === null ? null : number(from, "winner"),
        closesInMs: number(from, "closes_in_ms"),
      };
    case "cancelled":
      return { type: "cancelled", match: number(from, "match"), code: string(from, "code") };
    case "error":
      return {
        type: "error",
        code: string(from, "code"),
        retryAfter: typeof from.retry_after === "number" ? from.retry_after : null,
      };
    case "pong":
      return { type: "pong", at: number(from, "at") };
    default:
      return null;
  }
}

function roster({ seats, names }: Fields): Roster {
  if (!Array.isArray(seats) || !Array.isArray(names)) throw new TypeError("this is no list");
  return { seats: seats.map(occupant), names: names.map(nameOrNull) };
}

function occupant(seat: unknown): Occupant {
  if (seat === "player" || seat === "away" || seat === "bot" || seat === "free") return seat;
  throw new TypeError("nobody of this kind sits anywhere");
}

function nameOrNull(name: unknown): string | null {
  if (name !== null && typeof name !== "string") throw new TypeError("this is no name");
  return name;
}
