/** How it stands with this page: what the person wants, and what the servers know of them. */

import type { Standing } from "./wire";

/** What somebody wants: a seat, seats for all of a party, or to see. */
export type Wish = { for: "alone" | "watch" } | { for: "party"; code: string };

/** A wish that is not fulfilled yet. */
export interface Asking {
  for: Wish["for"];
  /** Since when, in milliseconds. */
  since: number;
  /** Why it takes longer, in a sentence; empty if nothing is known. */
  reason: string;
}

/** All that is to be shown. */
export interface Stand {
  standing: Standing;
  asking: Asking | null;
  /** The last word about what the person did; empty if there is none. */
  note: string;
  /** The code of a party that is joined as soon as somebody is logged in. */
  pendingCode: string | null;
  /** Whether nobody could say for a while how it stands, so that it may be otherwise. */
  isOld: boolean;
}
