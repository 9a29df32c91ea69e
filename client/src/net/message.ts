/** A message, as the API gives it and takes it. */

import { fields, string } from "./json";

/** The longest text that is accepted, in characters. */
const LONGEST = 500;

export interface Message {
  id: string;
  author: string;
  /** Who said it: two may be called the same. */
  player: string;
  text: string;
  sentAt: Date;
  /** The replica that took it from its author. */
  replica: string;
}

/** What one replica delivers at a time: messages, in its order. */
export interface MessagePage {
  replica: string;
  messages: Message[];
}

/** Reads one message; throws if `json` is none. */
export function message(json: unknown): Message {
  const from = fields(json);
  return {
    id: string(from, "id"),
    author: string(from, "author"),
    player: string(from, "player"),
    text: string(from, "text"),
    sentAt: new Date(string(from, "sent_at")),
    replica: string(from, "replica"),
  };
}

/** Reads `{"replica": …, "messages": […]}`; throws if `json` is not that. */
export function messagePage(json: unknown): MessagePage {
  const from = fields(json);
  if (!Array.isArray(from.messages)) throw new TypeError("messages is not a list");
  return { replica: string(from, "replica"), messages: from.messages.map(message) };
}

/** Why `text` would be refused; null if it would not. A character is a code point, as in Rust. */
export function problemOf(text: string): string | null {
  const length = [...text].length;
  if (length === 0) return "There is nothing to send yet.";
  return length > LONGEST ? `${length} characters are too many; ${LONGEST} are accepted.` : null;
}
