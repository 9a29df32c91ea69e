/** How one message looks. What people wrote goes in as text only, and cannot disturb its surroundings. */

import "./chat.css";
import { el } from "../dom";
import type { Message } from "../net/message";

/** `mine`: the person at this page wrote it. `below`: what is to be said of its way here. */
export function view(message: Message, mine: boolean, below?: Node): HTMLLIElement {
  const sentAt = message.sentAt;
  const time = el("time", { datetime: sentAt.toISOString() }, sentAt.toLocaleTimeString());
  const author = el("bdi", { class: "author" }, message.author);
  const item = el(
    "li",
    { class: mine ? "message mine" : "message", "data-id": message.id },
    el("p", { class: "head" }, author, " ", time),
    el("p", { class: "text", dir: "auto" }, message.text),
  );
  if (below) item.append(below);
  return item;
}
