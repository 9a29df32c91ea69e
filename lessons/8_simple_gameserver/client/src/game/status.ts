/** What this page knows of the game: whether it takes part, and how the match stands. It follows from the server's frames. No DOM, no clock. */

import type { Occupant, ServerFrame } from "./wire";

export type Role = "player" | "watcher";

export type Phase =
  /** Nobody at this page plays or watches. `why`: how the last time ended, in a sentence; empty if there was none. */
  | { kind: "off"; why: string }
  | { kind: "connecting" }
  /** On the server, which has no match. */
  | { kind: "idle" }
  /** `startsAt` and `nextAt` are times on the clock of whoever reads frames, in milliseconds. */
  | { kind: "gathering"; startsAt: number }
  | { kind: "playing" }
  | { kind: "result"; winner: number | null; nextAt: number }
  | { kind: "cancelled" };

export interface Status {
  role: Role;
  phase: Phase;
  server: string;
  /** The seat of this page's player, from 0; null for who only watches. */
  seat: number | null;
  /** Who steers the goat of each seat. */
  seats: readonly Occupant[];
  match: number | null;
  /** The match in which this player takes part for the first time, if it has not begun. */
  waitsFor: number | null;
  tickRate: number;
}

/** Nobody plays here, because of `why`. */
export function off(why: string, role: Role = "player"): Status {
  return {
    role,
    phase: { kind: "off", why },
    server: "",
    seat: null,
    seats: [],
    match: null,
    waitsFor: null,
    tickRate: 20,
  };
}

/** On the way to the server. */
export function connecting(role: Role): Status {
  return { ...off("", role), phase: { kind: "connecting" } };
}

/** What is known after `frame`, which was read at `time`. */
export function after(status: Status, frame: ServerFrame, time: number): Status {
  switch (frame.type) {
    case "welcome": {
      const seats = new Array<Occupant>(frame.seats).fill("free");
      const { server, seat, tickRate } = frame;
      return { ...status, server, seat, seats, tickRate, phase: { kind: "idle" } };
    }
    case "gathering": {
      const phase: Phase = { kind: "gathering", startsAt: time + frame.startsInMs };
      // Whoever has a seat while a match gathers takes part in it.
      return { ...status, match: frame.match, seats: frame.seats, phase, waitsFor: null };
    }
    case "started": {
      const waitsFor = status.waitsFor === frame.match ? null : status.waitsFor;
      const { match, seats } = frame;
      return { ...status, match, seats, phase: { kind: "playing" }, waitsFor };
    }
    case "seats":
      return { ...status, match: frame.match, seats: frame.seats };
    case "waiting":
      return { ...status, waitsFor: frame.match };
    case "result": {
      const { match, winner, nextInMs } = frame;
      return { ...status, match, phase: { kind: "result", winner, nextAt: time + nextInMs } };
    }
    case "cancelled":
      // That all players have left is no fault.
      return { ...status, phase: { kind: frame.code === "deserted" ? "idle" : "cancelled" } };
    default:
      return status;
  }
}

/** Whether the server expects to hear what this page has seen: of each player, those who wait for the next match, too. */
export function reports(status: Status): boolean {
  return status.phase.kind === "playing" && status.seat !== null;
}

/** Whether this page's player has a goat in the match that is played now. */
export function steers(status: Status): boolean {
  return reports(status) && status.waitsFor === null;
}
