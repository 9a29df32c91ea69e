/** How one message looks. What people wrote goes in as text only, and cannot disturb its surroundings. */

import "./chat.css";
import { el } from "../dom";
import type { Message } from "../net/message";
import { tag } from "./namesakes";

/** What is to be said of whoever wrote a message. */
export interface Author {
  /** It is the person at this page. */
  mine: boolean;
  /** Somebody else has the same name. */
  tagged: boolean;
}

/** `below`: what is to be said of its way here. */
export function view(message: Message, { mine, tagged }: Author, below?: Node): HTMLLIElement {
  const sentAt = message.sentAt;
  const time = el("time", { datetime: sentAt.toISOString() }, sentAt.toLocaleTimeString());
  const author = el("bdi", { class: "author" }, message.author);
  const head = el("p", { class: "head" }, author, " ");
  if (tagged) head.append(tag(message.player), " ");
  head.append(time);
  const item = el(
    "li",
    { class: mine ? "message mine" : "message", "data-id": message.id },
    head,
    el("p", { class: "text", dir: "auto" }, message.text),
  );
  if (below) item.append(below);
  return item;
}
