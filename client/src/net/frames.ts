/** The frames of the WebSocket: JSON texts, each with a `type`. */

import { type Fields, fields, number, string } from "./json";
import { type MessagePage, messagePage } from "./message";
import { type Player, player } from "./player";

export type Frame =
  | ({ type: "welcome"; replica: string } & Player)
  | ({ type: "messages" } & MessagePage)
  | { type: "gap"; after: string; first: string | null } // lesson 7
  | { type: "presence"; count: number; players: Player[] }
  | { type: "changes"; count: number; came: Player[]; left: string[] }
  | { type: "sent"; ref: string; id: string }
  | {
      type: "error";
      ref: string | null;
      code: string;
      error: string;
      retryAfter: number | null;
    }
  | { type: "pong" };

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

/** The frame that is answered at once. A script sees no pings of the protocol, so it has this one of its own. */
export function ping(): string {
  return JSON.stringify({ type: "ping" });
}

function frame(from: Fields): Frame | null {
  switch (from.type) {
    case "welcome":
      return { type: "welcome", replica: string(from, "replica"), ...player(from) };
    case "messages":
      return { type: "messages", ...messagePage(from) };

    // lesson 7
    case "gap":
      return {
        type: "gap",
        after: string(from, "after"),
        first: from.first === null ? null : string(from, "first"),
      };

    case "presence":
      return {
        type: "presence",
        count: number(from, "count"),
        players: list(from, "players").map(player),
      };
    case "changes":
      return {
        type: "changes",
        count: number(from, "count"),
        came: list(from, "came").map(player),
        left: list(from, "left").map(String),
      };
    case "sent":
      return { type: "sent", ref: string(from, "ref"), id: string(from, "id") };
    case "error":
      return {
        type: "error",
        ref: typeof from.ref === "string" ? from.ref : null,
        code: string(from, "code"),
        error: string(from, "error"),
        retryAfter: typeof from.retry_after === "number" ? from.retry_after : null,
      };
    case "pong":
      return { type: "pong" };
    default:
      return null;
  }
}

function list(from: Fields, key: string): unknown[] {
  const value = from[key];
  if (!Array.isArray(value)) throw new TypeError(`${key} is not a list`);
  return value;
}
