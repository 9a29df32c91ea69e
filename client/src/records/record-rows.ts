/** Records in the order of time: when, who, what, and where the time went. */

import { el } from "../dom";
import type { LogRecord, Part } from "./record";

export function recordRows(records: readonly LogRecord[]): HTMLLIElement[] {
  const first = records[0]?.time ?? 0;
  // One scale for all, so that two bars of one length are one time.
  const longest = Math.max(1, ...records.flatMap((one) => times(one).map(({ ms }) => ms)));
  return records.map((one) => row(one, first, longest));
}

function row(record: LogRecord, first: number, longest: number): HTMLLIElement {
  const bars = times(record).map((part) => bar(part, longest));
  return el(
    "li",
    { class: record.isBad ? "bad" : "" },
    el("span", { class: "record-when" }, `+${figure(record.time - first)} ms`),
    // What others have written must not turn the direction of what stands beside it.
    el("bdi", { class: "record-who" }, record.who),
    el("bdi", { class: "record-what" }, record.sentence),
    ...(bars.length === 0 ? [] : [el("ul", { class: "record-times" }, ...bars)]),
  );
}

const WHOLE = "in all";

/** What took no time is not worth a line. */
const WORTH_MS = 0.05;

function times({ ms, parts }: LogRecord): Part[] {
  const worth = parts.filter((part) => part.ms >= WORTH_MS);
  return ms === null ? worth : [{ name: WHOLE, ms }, ...worth];
}

function bar({ name, ms }: Part, longest: number): HTMLLIElement {
  const track = el("span", { class: "record-bar", "aria-hidden": "true" }, el("span"));
  track.style.setProperty("--share", String(Math.min(1, ms / longest)));
  return el(
    "li",
    { class: name === WHOLE ? "record-whole" : "" },
    el("bdi", {}, name),
    el("span", {}, `${figure(ms)} ms`),
    track,
  );
}

/** A duration whose size matters, from parts of a millisecond to many. */
function figure(ms: number): string {
  return ms < 9.95 ? ms.toFixed(1) : String(Math.round(ms));
}
