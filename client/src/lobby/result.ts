/** What has come of a match, as the web servers say it. */

import { fields, number, string } from "../net/json";

export interface Result {
  /** The seat that has won; null if nobody has. */
  winner: number | null;
  /** Why nobody could win, as one word; null if somebody could. */
  cancelled: string | null;
}

/** Reads the answer to `GET /api/results/MATCH`. */
export function result(json: unknown): Result {
  const from = fields(json);
  return {
    winner: from.winner === null ? null : number(from, "winner"),
    cancelled: from.cancelled === null ? null : string(from, "cancelled"),
  };
}
