/** The codes with which a WebSocket closes: what each of them means, and how soon to try again. */

/** How soon to try again. */
export type Retry =
  /** The replica begins anew, and all others are well: any of them will do, almost at once. */
  | "at once"
  /** The replica found fault with what this page sent: trying at once would only repeat it. */
  | "late"
  /** The login of this page is over: it has to ask who sits here before it does anything else. */
  | "after asking"
  | "as usual";

export interface CloseCode {
  retry: Retry;
  /** In a sentence, of which `who` is the subject. */
  says: (who: string) => string;
}

/** Those that a replica sends. */
export const CLOSE_CODES: Readonly<Record<number, CloseCode>> = {
  1002: { retry: "late", says: (who) => `${who} did not understand this page, and hung up.` },
  1007: {
    retry: "late",
    says: (who) => `${who} was sent something that is not text, and hung up.`,
  },
  1008: {
    retry: "late",
    says: (who) => `${who} could not read what this page sent, and hung up.`,
  },
  1009: { retry: "late", says: (who) => `${who} was sent too much at once, and hung up.` },
  1012: { retry: "at once", says: (who) => `${who} was told to stop.` },

  // lesson 7
  1013: { retry: "as usual", says: (who) => `${who} could not read the history.` },
  4003: { retry: "at once", says: (who) => `${who} had missed something itself.` },

  4001: { retry: "as usual", says: (who) => `${who} hung up, because this page read too slowly.` },
  4002: {
    retry: "as usual",
    says: (who) => `${who} hung up, because it had no sign of life from this page.`,
  },
  4004: { retry: "after asking", says: () => "This login is over." },
  4005: { retry: "late", says: (who) => `${who} was sent too much in a short time, and hung up.` },
};

/** What a closed connection to `replica` means, in a sentence; null: it never came to be. */
export function closed(code: number, replica: string | null): string {
  const known = CLOSE_CODES[code];
  if (known) return known.says(replica ?? "The replica");
  return replica === null ? "There is no connection." : `The connection to ${replica} broke.`;
}
