/** The last calls in words: who answered, what was asked, how it ended, how long it took. */

import type { Call } from "../net/api";
import { el } from "../dom";
import { drawIcon, type ReplicaIcons } from "./replica-icons";
import { milliseconds } from "./strip";

const ROWS = 6;

export class CallRows {
  readonly #body: HTMLElement;
  readonly #icons: ReplicaIcons;

  constructor(body: HTMLElement, icons: ReplicaIcons) {
    this.#body = body;
    this.#icons = icons;
  }

  /** Puts `call` on top. */
  add(call: Call): void {
    const status = call.status === 0 ? "none" : String(call.status);
    const good = call.replica !== null && call.status < 400;
    this.#row(call.replica, `${call.method} ${call.path}`, status, good, call.ms, !call.automatic);
  }

  // lesson 6
  /** Puts a message on top that went out over the WebSocket. */
  sent(replica: string, taken: boolean, ms: number): void {
    this.#row(replica, "WS send", taken ? "sent" : "error", taken, ms, true);
  }

  #row(
    replica: string | null,
    what: string,
    status: string,
    good: boolean,
    ms: number,
    own: boolean,
  ): void {
    const icon = replica === null ? drawIcon("cross") : drawIcon(this.#icons.of(replica));
    const who = el("span", { class: "one-line" }, replica ?? "no replica");
    const row = el(
      "tr",
      { class: own ? "own" : "automatic" },
      el("td", {}, el("span", { class: "signed" }, icon, who)),
      el("td", {}, el("code", { class: "one-line", title: what }, what)),
      el("td", {}, good ? status : el("strong", { class: "bad" }, status)),
      el("td", {}, milliseconds(ms)),
    );
    this.#body.prepend(row);
    while (this.#body.children.length > ROWS) this.#body.lastElementChild?.remove();
  }
}
