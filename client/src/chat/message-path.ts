/** The way of a message, from the replica that took it to the one that delivered it to this page. */

import "./message-path.css";
import { el } from "../dom";
import { drawIcon, type ReplicaIcons } from "../panel/replica-icons";

/** `to`: the replica that delivered it to this page; null while none has. */
export function messagePath(icons: ReplicaIcons, from: string, to: string | null): HTMLElement {
  const last = to === null ? el("span", {}, "…") : replica(icons, to);
  const line = el("p", { class: "path" }, replica(icons, from), arrow(), "Redis", arrow(), last);
  line.prepend(el("span", { class: "hidden-label" }, "Way: "));
  return line;
}

function replica(icons: ReplicaIcons, name: string): HTMLElement {
  return el(
    "span",
    { class: "signed" },
    drawIcon(icons.of(name)),
    el("span", { class: "one-line" }, name),
  );
}

function arrow(): HTMLElement {
  return el("span", { class: "arrow" }, " → ");
}
