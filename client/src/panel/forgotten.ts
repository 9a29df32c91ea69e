/** Whether a login was forgotten as soon as it was made. */

import type { Answer } from "../net/api";
import type { Player } from "../net/player";

/** `me`: the first answer after the login to the question who sits here, whichever replica gave it. */
export function isForgotten(me: Answer<Player | null>, _loggedInBy: string): boolean {
  return me.ok && me.value === null;
}
