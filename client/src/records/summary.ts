/** What the records of a request say of it, in a sentence or two. What they do not say is not said. */

import { list } from "../panel/status-text";
import type { LogRecord } from "./record";

/** Whom a replica waits for, by the name of the time that it took. */
const WAITED_FOR: Readonly<Record<string, string>> = {
  sessions: "the sessions' Redis",
  pubsub: "the messages' Redis",
  matches: "the matches' Redis",
};

/** A wait that is less of the whole is not worth a word. */
const WORTH = 0.1;

/** So many others are named. */
const NAMED = 4;

/** Empty if the records do not say how long the request of this id took. */
export function summary(records: readonly LogRecord[], id: string): string {
  const own = records.filter(({ requestId }) => requestId === id);
  const traefik = longest(own.filter(({ isTraefik }) => isTraefik));
  const replica = longest(own.filter(({ isTraefik }) => !isTraefik));
  const total = traefik?.ms ?? replica?.ms ?? null;
  if (total === null) return "";
  const sentences = [where(total, replica)];
  const status = traefik?.status ?? replica?.status ?? 0;
  if (status >= 400) sentences.push(`The answer was ${status}.`);
  const retries = traefik?.retries ?? 0;
  if (retries > 0)
    sentences.push(`Traefik asked again ${retries === 1 ? "once" : `${retries} times`}.`);
  const others = elsewhere(records, id, replica);
  if (others !== "") sentences.push(`${others} wrote of it, too.`);
  return sentences.join(" ");
}

function where(total: number, replica: LogRecord | null): string {
  const took = `It took ${round(total)} ms`;
  if (replica === null) return `${took}.`;
  const had = replica.ms ?? 0;
  if (had < total / 2) return `${took}. ${replica.who} had it for ${round(had)} of them.`;
  const waits = replica.parts.flatMap(({ name, ms }) => {
    const whom = Object.hasOwn(WAITED_FOR, name) ? WAITED_FOR[name] : undefined;
    const isPart = ms <= total && ms >= WORTH * total && ms >= 0.5;
    return whom !== undefined && isPart ? [{ whom, ms: round(ms) }] : [];
  });
  const words = waits.map(({ whom, ms }, n) => {
    return n === 0 ? `${ms} of them waiting for ${whom}` : `${ms} for ${whom}`;
  });
  return `${[took, ...(words.length === 0 ? [] : [list(words)])].join(", ")}, on ${replica.who}.`;
}

/** Who else has records that belong to it, such as those to whom a message went. */
function elsewhere(records: readonly LogRecord[], id: string, replica: LogRecord | null): string {
  const others = new Set<string>();
  for (const { who, isTraefik, requestId } of records) {
    if (!isTraefik && requestId !== id && who !== replica?.who) others.add(who);
  }
  const names = [...others];
  const rest = names.length - NAMED;
  return list(rest > 0 ? [...names.slice(0, NAMED), `${rest} more`] : names);
}

/** Of those that say how long it took, the one that took longest. */
function longest(records: readonly LogRecord[]): LogRecord | null {
  const timed = records.filter(({ ms }) => ms !== null);
  return timed.sort((a, b) => (b.ms ?? 0) - (a.ms ?? 0))[0] ?? null;
}

function round(ms: number): number {
  return Math.max(1, Math.round(ms));
}
