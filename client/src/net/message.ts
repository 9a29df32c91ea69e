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

/** What begins a new line or moves to a column: a message is one line, so each becomes a space. */
const BREAKS = /\r\n|[\t\n\v\f\r\u0085\u2028\u2029]/g;

/** What surrounds a text and does not belong to it. */
const AROUND = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** Nothing that a person would see: characters without a picture, and the blank one of Braille. */
const INVISIBLE = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}\u2800]*$/u;

/** A text in one line. A text box can hold half an emoji, which no JSON can carry to a server. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(BREAKS, " ");
}

/** What somebody typed in the one form in which it is sent, which is what the server makes of it. */
export function normalized(typed: string): string {
  return oneLine(typed).normalize("NFC").replace(AROUND, "");
}

/** Why `text`, which is normalized, would be refused; null if it would not. A character is a code point, as in Rust. */
export function problemOf(text: string): string | null {
  const length = [...text].length;
  if (length === 0) return "There is nothing to send yet.";
  if (length > LONGEST)
    return `This has ${length} characters; a message must have at most ${LONGEST}.`;
  if (/\p{Cc}/u.test(text)) return "This has characters that only machines can read.";
  return INVISIBLE.test(text) ? "Nothing in this can be seen." : null;
}

/** Why a replica refused a text, by its word for programs; null if that was not because of the text. */
export function refusal(code: string | null): string | null {
  return REFUSALS[code ?? ""] ?? null;
}

const REFUSALS: Readonly<Record<string, string>> = {
  text_empty: "There is nothing in it.",
  text_too_long: `It has more than ${LONGEST} characters.`,
  text_invisible: "Nothing in it can be seen.",
  text_not_accepted: "It has characters that only machines can read.",
};
