/** Who somebody is: the id, which no two have, and the name, which two may have. */

import { fields, string } from "./json";

export interface Player {
  player: string;
  name: string;
}

/** Reads `{"player": …, "name": …}`; throws if `json` is not that. */
export function player(json: unknown): Player {
  const from = fields(json);
  return { player: string(from, "player"), name: string(from, "name") };
}
