/** What is seen from the wish to play until there is a seat: that something is done, for how long, and a way out. */

import { el, say } from "../dom";
import type { Asking } from "./stand";
import { secondsSince } from "./waiting-time";

export class WaitingLine {
  readonly cancel = el("button", { id: "cancel", type: "button" }, "Cancel");
  readonly element: HTMLElement;
  readonly #what = el("span", { class: "waiting-what" });
  /** It changes each second, so nobody is read it. */
  readonly #seconds = el("span", { class: "waiting-seconds", "aria-hidden": "true" });
  #since: number | null = null;

  constructor(cancel: () => void) {
    this.cancel.addEventListener("click", cancel);
    this.element = el(
      "div",
      { class: "waiting-line" },
      el("span", { class: "waiting-sign", "aria-hidden": "true" }),
      el("p", {}, this.#what, this.#seconds),
      this.cancel,
    );
  }

  show(asking: Asking | null): void {
    this.element.hidden = asking === null;
    this.#since = asking?.since ?? null;
    if (asking === null) return;
    say(this.#what, asking.reason === "" ? "One moment" : "Waiting");
  }

  /** `time`: on the clock of `asking`. */
  passed(time: number): void {
    if (this.#since !== null) say(this.#seconds, secondsSince(this.#since, time));
  }
}
