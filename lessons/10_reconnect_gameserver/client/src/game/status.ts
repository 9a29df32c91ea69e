/** What this page knows of the game: whether it takes part, and how the match stands. It follows from the server's frames. No DOM, no clock. */

import type { Occupant, ServerFrame } from "./wire";

export type Role = "player" | "watcher";

export type Phase =
  /** Nobody at this page plays or watches. `why`: how the last time ended, in a sentence; empty if there was none. */
  | { kind: "off"; why: string }
  | { kind: "connecting" }
  /** On the server, which has not said yet how the match stands. */
  | { kind: "idle" }
  /** `startsAt` and `closesAt` are times on the clock of whoever reads frames, in milliseconds. */
  | { kind: "gathering"; startsAt: number }
  | { kind: "playing" }
  | { kind: "result"; winner: number | null; closesAt: number }
  /** It ends without a result. `isFault`: by a fault of the server, and not because all players have left. */
  | { kind: "cancelled"; isFault: boolean };

export interface Status {
  role: Role;
  phase: Phase;
  server: string;
  /** The id of the match; empty on the way to it. */
  matchId: string;
  /** The seat of this page's player, from 0; null for who only watches. */
  seat: number | null;
  /** Who steers the goat of each seat. */
  seats: readonly Occupant[];
  /** The name of the player of each seat; null where there is none. */
  names: readonly (string | null)[];
  tickRate: number;
  /** By which rules the match is played; 0 as long as nobody has said so. */
  rules: number;
  /** After so long without its player a goat is played by a bot, in milliseconds. */
  graceMs: number;
  /** Since when nothing is heard of the match that goes on, as the phase counts time; null while all is well. */
  lostSince: number | null;
}

/** Nobody plays here, because of `why`. */
export function off(why: string, role: Role = "player"): Status {
  return {
    role,
    phase: { kind: "off", why },
    server: "",
    matchId: "",
    seat: null,
    seats: [],
    names: [],
    tickRate: 20,
    rules: 0,
    graceMs: 0,
    lostSince: null,
  };
}

/** On the way to the server. */
export function connecting(role: Role): Status {
  return { ...off("", role), phase: { kind: "connecting" } };
}

/** Whether this page is in a match, or at least with its server. */
export function isIn({ phase }: Status): boolean {
  return phase.kind !== "off" && phase.kind !== "connecting";
}

/** What is known after `frame`, which was read at `time`. */
export function after(status: Status, frame: ServerFrame, time: number): Status {
  switch (frame.type) {
    case "welcome": {
      const { server, matchId, seat, tickRate, rules, graceMs } = frame;
      const known = { ...status, server, matchId, seat, tickRate, rules, graceMs, lostSince: null };
      // Back in its match, the page shows what it knew until it is told what has changed.
      if (isIn(status) && status.matchId === matchId) return known;
      const seats = new Array<Occupant>(frame.seats).fill("free");
      return { ...known, seats, names: [], phase: { kind: "idle" } };
    }
    case "gathering": {
      const phase: Phase = { kind: "gathering", startsAt: time + frame.startsInMs };
      return { ...status, seats: frame.seats, names: frame.names, phase };
    }
    case "started":
      return { ...status, seats: frame.seats, names: frame.names, phase: { kind: "playing" } };
    case "seats":
      return { ...status, seats: frame.seats, names: frame.names };
    case "result": {
      const { winner, closesInMs } = frame;
      return { ...status, phase: { kind: "result", winner, closesAt: time + closesInMs } };
    }
    case "cancelled":
      return { ...status, phase: { kind: "cancelled", isFault: frame.code !== "deserted" } };
    default:
      return status;
  }
}

/** Whether this page's player has a goat in the match that is played now. */
export function steers(status: Status): boolean {
  return status.phase.kind === "playing" && status.seat !== null;
}
