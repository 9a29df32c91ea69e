/** Where a person makes the network worse, to see what that does to the game. */

import { el, say } from "../dom";
import type { Lag } from "./lag";

/** The most of each, in milliseconds and in percent. */
const [MOST_MS, MOST_PERCENT] = [400, 20];

export class LagPanel {
  readonly element: HTMLDetailsElement;
  readonly #lag: Lag;
  readonly #summary = el("summary", { id: "lag-summary" });
  readonly #delay = el("input", {
    id: "lag-delay",
    type: "range",
    min: "0",
    max: String(MOST_MS),
    step: "10",
    value: "0",
  });
  readonly #drop = el("input", {
    id: "lag-drop",
    type: "range",
    min: "0",
    max: String(MOST_PERCENT),
    step: "1",
    value: "0",
  });
  readonly #delayed = el("output", { for: "lag-delay" });
  readonly #dropped = el("output", { for: "lag-drop" });

  /** What is chosen is written into `lag`. */
  constructor(lag: Lag) {
    this.#lag = lag;
    this.element = el(
      "details",
      { class: "lag" },
      this.#summary,
      el("label", { for: "lag-delay" }, "Delay, each way"),
      this.#delay,
      this.#delayed,
      el("label", { for: "lag-drop" }, "Lost on the way"),
      this.#drop,
      this.#dropped,
      el("p", {}, "In this browser only. Snapshots and inputs get lost; all else comes, but late."),
    );
    for (const slider of [this.#delay, this.#drop]) {
      slider.addEventListener("input", () => this.#chosen());
    }
    this.#chosen();
  }

  #chosen(): void {
    this.#lag.delayMs = this.#delay.valueAsNumber;
    this.#lag.dropShare = this.#drop.valueAsNumber / 100;
    const [delay, lost] = [`${this.#delay.value} ms`, `${this.#drop.value} %`];
    say(this.#delayed, delay);
    say(this.#dropped, lost);
    this.#delay.setAttribute("aria-valuetext", delay);
    this.#drop.setAttribute("aria-valuetext", lost);
    const worse = this.#lag.delayMs > 0 || this.#lag.dropShare > 0;
    say(
      this.#summary,
      worse ? `Network: ${delay} more each way, ${lost} lost` : "Make the network worse",
    );
    this.element.classList.toggle("on", worse);
  }
}
