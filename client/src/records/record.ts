/**
 * A record of a service or of Traefik, as the store of the logs has it: a line of JSON, all of whose fields are strings. Anybody may have
 * caused what stands in it, so it is bounded here, anything may be missing, and it is shown as text alone.
 */

import { type Fields, fields } from "../net/json";

/** Traefik's field for the id of a request, which it takes from the answer. */
export const TRAEFIKS_ID = "downstream_X-Request-Id";

/** So much is kept of a text, and of a name. */
const [TEXT, NAME] = [300, 64];

/** So many times are kept of one record. */
const TIMES = 8;

const IN_ALL = "duration_ms";

/** A part of the time that a request took. */
export interface Part {
  /** What took it: `sessions` is the time for which a replica waited for the sessions' Redis. */
  name: string;
  ms: number;
}

export interface LogRecord {
  /** Milliseconds since 1970, with what is smaller behind the point. */
  time: number;
  /** A replica, or Traefik. */
  who: string;
  isTraefik: boolean;
  sentence: string;
  requestId: string | null;
  traceId: string | null;
  /** The HTTP status of the answer that the record is about. */
  status: number | null;
  /** How often Traefik asked again. */
  retries: number;
  /** How long the request took in all. */
  ms: number | null;
  parts: Part[];
  /** Whether whoever wrote it called it a warning or an error, or the answer was one. */
  isBad: boolean;
}

/** The record in a line of the store's answer; null if there is none that can be read. */
export function record(line: string): LogRecord | null {
  try {
    const from = fields(JSON.parse(line));
    const time = milliseconds(text(from, "_time") ?? "");
    return time === null ? null : read(from, time);
  } catch {
    return null;
  }
}

function read(from: Fields, time: number): LogRecord {
  const service = text(from, "service.name", NAME);
  const isTraefik = service === "traefik" || text(from, "DownstreamStatus") !== null;
  const status = count(text(from, "http.response.status_code") ?? text(from, "DownstreamStatus"));
  const severity = text(from, "severity") ?? text(from, "level") ?? "";
  return {
    time,
    who: isTraefik ? "Traefik" : (text(from, "service.instance.id", NAME) ?? service ?? "unknown"),
    isTraefik,
    sentence: isTraefik ? ofTraefik(from, status) : ofService(from, status),
    requestId: text(from, isTraefik ? TRAEFIKS_ID : "request_id", NAME),
    traceId: text(from, "trace_id", NAME),
    status,
    retries: count(text(from, "RetryAttempts")) ?? 0,
    ms: isTraefik ? duration(text(from, "Duration")) : number(text(from, IN_ALL)),
    parts: isTraefik ? behind(from) : parts(from),
    isBad: /^(warn|error|fatal)/i.test(severity) || (status ?? 0) >= 400,
  };
}

function ofService(from: Fields, status: number | null): string {
  const asked = [text(from, "http.request.method"), text(from, "url.path")];
  const request = [...asked, status].filter((word) => word !== null).join(" ");
  return [message(from), request].filter((word) => word !== "").join(": ") || "(no words)";
}

function ofTraefik(from: Fields, status: number | null): string {
  const request = [text(from, "RequestMethod"), text(from, "RequestPath"), status];
  const words = request.filter((word) => word !== null);
  if (words.length === 0) return message(from) || "(no words)";
  const [router, to] = [text(from, "RouterName"), text(from, "ServiceURL")];
  const way = [router === null ? "" : ` by ${router}`, to === null ? "" : ` to ${to}`].join("");
  return clip(`${words.join(" ")}${way === "" ? "" : `, led${way}`}`, TEXT);
}

/** What the store says in place of a message that is not there is none. */
function message(from: Fields): string {
  const said = text(from, "_msg") ?? "";
  return said.startsWith("missing _msg field") || said === "-" ? "" : said;
}

function parts(from: Fields): Part[] {
  const found: Part[] = [];
  for (const field of Object.keys(from)) {
    const ms = field.endsWith("_ms") && field !== IN_ALL ? number(text(from, field)) : null;
    if (ms !== null) found.push({ name: clip(field.slice(0, -"_ms".length), NAME), ms });
  }
  return found.sort((a, b) => b.ms - a.ms).slice(0, TIMES);
}

function behind(from: Fields): Part[] {
  const ms = duration(text(from, "OriginDuration"));
  return ms === null ? [] : [{ name: "behind it", ms }];
}

/** A field's text; null if there is none. */
function text(from: Fields, key: string, longest = TEXT): string | null {
  const value = Object.hasOwn(from, key) ? from[key] : null;
  if (typeof value === "number") return String(value);
  return typeof value !== "string" || value === "" ? null : clip(value, longest);
}

/** Without what would turn the direction of the words around it, or make them jump. */
function clip(whole: string, longest: number): string {
  const value = whole.slice(0, longest + 1).replace(/[\p{Cc}\p{Bidi_Control}]/gu, "\ufffd");
  return value.length <= longest ? value : `${value.slice(0, longest - 1).toWellFormed()}…`;
}

function number(value: string | null): number | null {
  return value !== null && /^\d+([.]\d+)?(e[-+]?\d{1,2})?$/i.test(value) ? Number(value) : null;
}

function count(value: string | null): number | null {
  return value !== null && /^\d{1,6}$/.test(value) ? Number(value) : null;
}

/** Traefik writes nanoseconds; Go as text writes the unit behind the number. */
function duration(value: string | null): number | null {
  const [, amount, unit] = /^(\d+(?:[.]\d+)?)(ns|us|µs|ms|s)?$/.exec(value ?? "") ?? [];
  const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000 };
  return amount === undefined ? null : Number(amount) * (units[unit ?? "ns"] ?? 1);
}

/** Two records are often less than a millisecond apart, and `Date` knows nothing smaller. */
function milliseconds(time: string): number | null {
  const [, second, fraction, zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)([.]\d{1,9})?(Z|[-+]\d\d:\d\d)$/.exec(time) ?? [];
  const whole = Date.parse(`${second}${zone}`);
  return Number.isNaN(whole) ? null : whole + 1000 * Number(`0${fraction ?? ""}`);
}
