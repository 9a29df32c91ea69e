/** What the search for records does: it asks the store, and asks again while records may be on their way. How that looks is the view's concern. */

import type { Heard } from "../net/fetch";
import { Lately, type Met } from "./lately";
import { isId, queryFor } from "./query";
import type { LogRecord } from "./record";
import { type Found, MOST, type RecordStore } from "./store";
import { summary } from "./summary";

/** A replica sends its records up to five times a second, and Traefik about once. So they are asked for again after these times, which are five seconds together. */
const AGAIN_MS = [250, 500, 1000, 1500, 1750];

/** A request has one trace. Should records name more, no more than this are followed. */
const TRACES = 3;

const NO_ID =
  "This is no id of a request. It has up to 64 letters, digits, dots, dashes and underscores.";
const ASKING = "Asking the store of the logs …";
const NOT_YET =
  "No records yet. They come about a second after the request, so the page asks again …";
const NOT_ALL = "These are there already. More may be on their way, so the page asks again …";
const NONE = "There are no records of this id.";
const AWAY = "The store of the logs does not answer. All else goes on; try again in a moment.";

/** All that is to be shown. */
export interface Stand {
  /** The id whose records were looked for last; empty before that. */
  id: string;
  /** What is wrong with what was typed; empty if nothing is. */
  problem: string;
  isAsking: boolean;
  /** How the search stands. */
  note: string;
  /** What the records say, in words. */
  summary: string;
  records: readonly LogRecord[];
  /** The question to the store; empty if there was none. */
  query: string;
  /** The answers that were slow or a refusal, the newest first. */
  lately: readonly Met[];
}

export class RecordsController {
  readonly #store: RecordStore;
  readonly #changed: (stand: Stand) => void;
  readonly #lately = new Lately();
  #stand: Omit<Stand, "lately"> = NOTHING;
  /** Whoever asks for something else does not want to see what was asked for before. */
  #era = 0;

  constructor(store: RecordStore, changed: (stand: Stand) => void) {
    this.#store = store;
    this.#changed = changed;
  }

  /** This page has got an answer. */
  heard(answer: Heard): void {
    if (this.#lately.heard(answer)) this.#show({});
  }

  /** Looks for the records of the request whose id somebody has typed. */
  async find(typed: string): Promise<void> {
    const id = typed.trim();
    const era = ++this.#era;
    if (!isId(id)) return this.#show({ ...NOTHING, problem: NO_ID });
    this.#show({ ...NOTHING, id, isAsking: true, note: ASKING, query: queryFor(id) });
    for (const wait of [...AGAIN_MS, null]) {
      const { query, found } = await this.#ask(id);
      if (era !== this.#era) return;
      if (!found.ok) return this.#show({ isAsking: false, note: AWAY });
      const { records, isCut } = found;
      const isOver = wait === null || isCut || isWhole(records, id);
      const note = isOver
        ? result(records.length, isCut)
        : records.length === 0
          ? NOT_YET
          : NOT_ALL;
      this.#show({ query, records, summary: summary(records, id), note, isAsking: !isOver });
      if (isOver) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (era !== this.#era) return;
    }
  }

  /** The records of the request, and where they name a trace, also those of what followed from it on other servers. */
  async #ask(id: string): Promise<{ query: string; found: Found }> {
    const own = queryFor(id);
    const found = await this.#store.find(own);
    if (!found.ok) return { query: own, found };
    const named = found.records.flatMap(({ traceId }) => traceId ?? []);
    const traces = [...new Set(named)].filter(isId).slice(0, TRACES);
    if (traces.length === 0) return { query: own, found };
    const query = queryFor(id, traces);
    const all = await this.#store.find(query);
    return all.ok ? { query, found: all } : { query: own, found };
  }

  #show(news: Partial<Stand>): void {
    this.#stand = { ...this.#stand, ...news };
    this.#changed({ ...this.#stand, lately: this.#lately.all });
  }
}

const NOTHING = {
  id: "",
  problem: "",
  isAsking: false,
  note: "",
  summary: "",
  records: [],
  query: "",
};

/** Whether both have written that are asked in any case: Traefik, and the replica that answered. */
function isWhole(records: readonly LogRecord[], id: string): boolean {
  const own = records.filter(({ requestId, ms }) => requestId === id && ms !== null);
  return own.some(({ isTraefik }) => isTraefik) && own.some(({ isTraefik }) => !isTraefik);
}

function result(count: number, isCut: boolean): string {
  if (isCut) return `There are more records than are shown here: the page asks for ${MOST}.`;
  if (count === 0) return NONE;
  return count === 1 ? "1 record." : `${count} records.`;
}
