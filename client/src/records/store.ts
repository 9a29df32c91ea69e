/** Asks the store of the logs, which stands behind the same address as this page. */

import { type LogRecord, record } from "./record";

/** So many records are asked for at once. */
export const MOST = 200;

/** A store that is silent for longer counts as away. In milliseconds. */
const LIMIT_MS = 3000;

/** No more than this is read of an answer. */
const MOST_BYTES = 1_000_000;

export type Found =
  | {
      ok: true;
      /** In the order of time. */
      records: LogRecord[];
      /** Whether there may be more than these. */
      isCut: boolean;
    }
  | { ok: false };

export class RecordStore {
  readonly #fetch: typeof fetch;

  /** Not the `fetch` whose answers are heard of: what becomes of a question to the store is no news of the system. */
  constructor(fetcher: typeof fetch = (...request) => fetch(...request)) {
    this.#fetch = fetcher;
  }

  /** Never throws: a store that does not answer is an answer, too. */
  async find(query: string): Promise<Found> {
    const search = new URLSearchParams({ query, limit: String(MOST) });
    try {
      const response = await this.#fetch(`/records?${search}`, {
        cache: "no-store",
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      if (!response.ok) return { ok: false };
      const { text, isCut } = await bounded(response);
      const lines = text.split("\n").filter((line) => line !== "");
      // Whoever got no answer has sent a record again, and so the store may have it a dozen times, each the same to the letter.
      const different = [...new Set(lines.slice(0, MOST))];
      const records = different.flatMap((line) => record(line) ?? []);
      // Something else has answered in the store's place.
      if (lines.length > 0 && records.length === 0) return { ok: false };
      records.sort((a, b) => a.time - b.time);
      return { ok: true, records, isCut: isCut || lines.length >= MOST };
    } catch {
      return { ok: false };
    }
  }
}

/** The whole lines in as much of the answer as is read. */
async function bounded(response: Response): Promise<{ text: string; isCut: boolean }> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return { text: text + decoder.decode(), isCut: false };
    bytes += part.value.length;
    text += decoder.decode(part.value, { stream: true });
    if (bytes <= MOST_BYTES) continue;
    void reader?.cancel();
    return { text: text.slice(0, text.lastIndexOf("\n") + 1), isCut: true };
  }
}
