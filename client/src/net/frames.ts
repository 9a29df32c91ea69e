/** The frames of the WebSocket: JSON texts, each with a `type`. */

import { type Fields, fields, number, string } from "./json";
import { type MessagePage, messagePage } from "./message";

export type Frame =
  | { type: "welcome"; replica: string; name: string }
  | ({ type: "messages" } & MessagePage)
  | { type: "gap"; after: string; first: string | null } // lesson 7
  | { type: "presence"; count: number; names: string[] }
  | { type: "sent"; ref: string; id: string }
  | { type: "error"; ref: string | null; error: string; retryAfter: number | null };

/** Reads a frame; null if this page does not know it, which a newer server may cause. */
export function read(text: unknown): Frame | null {
  try {
    return frame(fields(JSON.parse(String(text))));
  } catch {
    return null;
  }
}

/** The frame that sends `text`. The answer will carry the same `ref`. */
export function send(ref: string, text: string): string {
  return JSON.stringify({ type: "send", ref, text });
}

/** What a closed connection means, in a sentence. */
export function closed(code: number, replica: string | null): string {
  const who = replica ?? "The replica";
  switch (code) {
    case 1008:
      return `${who} could not read what this page sent, and hung up.`;
    case 1009:
      return `${who} was sent too much at once, and hung up.`;
    case 1012:
      return `${who} is restarting.`;
    case 1013: // lesson 7
      return `${who} cannot read the history now.`; // lesson 7
    case 4003: // lesson 7
      return `${who} had missed something itself.`; // lesson 7
    case 4001:
      return `${who} hung up, for this page read too slowly.`;
    case 4002:
      return `${who} hung up, for it had no sign of life from this page.`;
    default:
      return replica === null ? "There is no connection." : `The connection to ${replica} broke.`;
  }
}

function frame(from: Fields): Frame | null {
  switch (from.type) {
    case "welcome":
      return { type: "welcome", replica: string(from, "replica"), name: string(from, "name") };
    case "messages":
      return { type: "messages", ...messagePage(from) };
    case "gap": // lesson 7
      return { type: "gap", after: string(from, "after"), first: first(from) }; // lesson 7
    case "presence":
      return { type: "presence", count: number(from, "count"), names: names(from.names) };
    case "sent":
      return { type: "sent", ref: string(from, "ref"), id: string(from, "id") };
    case "error":
      return {
        type: "error",
        ref: typeof from.ref === "string" ? from.ref : null,
        error: string(from, "error"),
        retryAfter: typeof from.retry_after === "number" ? from.retry_after : null,
      };
    default:
      return null;
  }
}

// lesson 7
function first(from: Fields): string | null {
  return from.first === null ? null : string(from, "first");
}

function names(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError("names is not a list");
  return value.map(String);
}
