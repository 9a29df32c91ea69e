/** The way of a message, from the replica that took it to the one that told this page of it. */

import "./path.css";
import { el } from "../dom";
import { draw, type Signs } from "../panel/signs";

/** `to`: the replica that told of it; null while none has. */
export function path(signs: Signs, from: string, to: string | null): HTMLElement {
  const last = to === null ? el("span", {}, "…") : replica(signs, to);
  const line = el("p", { class: "path" }, replica(signs, from), arrow(), "Redis", arrow(), last);
  line.prepend(el("span", { class: "hidden-label" }, "Way: "));
  return line;
}

function replica(signs: Signs, name: string): HTMLElement {
  return el(
    "span",
    { class: "signed" },
    draw(signs.of(name)),
    el("span", { class: "one-line" }, name),
  );
}

function arrow(): HTMLElement {
  return el("span", { class: "arrow" }, " → ");
}
