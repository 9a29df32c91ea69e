/** What the web servers say of parties, seats and game servers, read from JSON. */

import { type Fields, fields, number, string } from "../net/json";
import { type Player, player } from "../net/player";

/** People who want to play in one match. */
export interface Party {
  /** As people say it: `ABCD-EFGH`. */
  code: string;
  members: Player[];
  /** How many it can have. */
  size: number;
}

/** A seat that somebody has in a match. */
export interface Seat {
  server: string;
  match: string;
  seat: number;
  /** Whether they sit there. Else it is held for them, for a while. */
  taken: boolean;
  /** Whether its match is on its way to another server, and nowhere now. */
  moving: boolean;
}

/** How this browser's player stands with the servers. */
export interface Standing {
  /** Null: nobody is logged in here. */
  player: Player | null;
  party: Party | null;
  seat: Seat | null;
  /** By which rules the servers play; null if they have not said so. */
  rules: number | null;
}

/** The way into a match. */
export interface Admission {
  server: string;
  match: string;
  /** Null: to watch. */
  seat: number | null;
  /** Where the WebSocket is to be opened. */
  path: string;
  /** The first frame over it must bring this. It is good once, and not for long. */
  ticket: string;
}

/** A game server. */
export interface GameServer {
  server: string;
  state: string;
  /** Matches that it has, and that it has room for. */
  matches: number;
  capacity: number;
  /** Seats of each match. */
  seats: number;
  /** Seats that are held or taken. */
  players: number;
}

/** Reads the answer of `/api/lobby`; throws if `json` is something else. */
export function standing(json: unknown): Standing {
  const from = fields(json);
  return {
    player: orNull(from.player, player),
    party: orNull(from.party, party),
    seat: orNull(from.seat, seat),
    rules: typeof from.rules === "number" ? from.rules : null,
  };
}

/** Reads the answer of `/api/play` or `/api/watch`; throws if `json` is something else. */
export function admission(json: unknown): Admission {
  const from = fields(json);
  return {
    server: string(from, "server"),
    match: string(from, "match"),
    seat: from.seat === null ? null : number(from, "seat"),
    path: string(from, "path"),
    ticket: string(from, "ticket"),
  };
}

/** Reads the answer of `/api/fleet`; throws if `json` is something else. */
export function fleet(json: unknown): GameServer[] {
  return list(fields(json), "servers").map((server) => {
    const from = fields(server);
    return {
      server: string(from, "server"),
      state: string(from, "state"),
      matches: number(from, "matches"),
      capacity: number(from, "capacity"),
      seats: number(from, "seats"),
      players: number(from, "players"),
    };
  });
}

function party(json: unknown): Party {
  const from = fields(json);
  return {
    code: string(from, "code"),
    members: list(from, "members").map(player),
    size: number(from, "size"),
  };
}

function seat(json: unknown): Seat {
  const from = fields(json);
  return {
    server: string(from, "server"),
    match: string(from, "match"),
    seat: number(from, "seat"),
    taken: from.taken === true,
    // A web server of the build before does not say it.
    moving: from.moving === true,
  };
}

function orNull<T>(json: unknown, decode: (json: unknown) => T): T | null {
  return json === null ? null : decode(json);
}

function list(from: Fields, key: string): unknown[] {
  const value = from[key];
  if (!Array.isArray(value)) throw new TypeError(`${key} is not a list`);
  return value;
}
