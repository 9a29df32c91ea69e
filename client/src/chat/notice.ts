/** Lines that no player has said: the system tells by itself that something is wrong with it, or no longer is. */

import { el } from "../dom";
import type { Message } from "../net/message";
import "./notice.css";

/** The name that only the system has. Nobody can log in under it, or under one that looks like it. */
const SYSTEM = "system";

/** The id that no player has. */
const NOBODY = "0".repeat(16);

/**
 * Whether no player has said this. Both must be so: a message from before players had ids has that of nobody, too, under a name that
 * somebody chose.
 */
export function isNotice({ author, player }: Pick<Message, "author" | "player">): boolean {
  return author === SYSTEM && player === NOBODY;
}

/** How such a line looks: under no name, and unlike what people say. `below`: what is to be said of its way here. */
export function noticeView(message: Message, below?: Node): HTMLLIElement {
  const sentAt = message.sentAt;
  const time = el("time", { datetime: sentAt.toISOString() }, sentAt.toLocaleTimeString());
  const item = el(
    "li",
    { class: "message notice", "data-id": message.id },
    el("p", { class: "head" }, "Told by the system ", time),
    el("p", { class: "text", dir: "auto" }, message.text),
  );
  if (below) item.append(below);
  return item;
}
