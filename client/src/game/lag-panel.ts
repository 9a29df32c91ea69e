/** Where a person makes the network worse, or cuts it, to see what that does to the game. */

import { el, say } from "../dom";
import { now } from "../net/clock";
import type { Lag } from "./lag";
import "./lag-panel.css";

/** The most of each, in milliseconds and in percent. */
const [MOST_MS, MOST_JITTER_MS, MOST_PERCENT] = [400, 100, 20];

/** For how long the network can be cut, in seconds, and which of them is chosen at first. */
const [CUTS, FIRST_CUT] = [["0.5", "1", "2", "5", "15"], "2"];

/** From one look at the clock to the next, during a cut. In milliseconds. */
const CLOCK_MS = 100;

export class LagPanel {
  readonly element: HTMLDetailsElement;
  readonly #lag: Lag;
  readonly #summary = el("summary", { id: "lag-summary" });
  readonly #delay = slider("lag-delay", MOST_MS, 10);
  readonly #jitter = slider("lag-jitter", MOST_JITTER_MS, 10);
  readonly #drop = slider("lag-drop", MOST_PERCENT, 1);
  readonly #delayed = el("output", { for: "lag-delay" });
  readonly #jittered = el("output", { for: "lag-jitter" });
  readonly #dropped = el("output", { for: "lag-drop" });
  readonly #seconds = el("select", { id: "lag-seconds" });
  readonly #cut = el("button", { id: "lag-cut", type: "button" });
  readonly #compare = el("input", { id: "lag-compare", type: "checkbox" });
  #clock: ReturnType<typeof setInterval> | undefined;

  /** What is chosen is written into `lag`. `compare`: whether somebody wants to see, too, what the server said last. */
  constructor(lag: Lag, compare: (on: boolean) => void) {
    this.#lag = lag;
    for (const seconds of CUTS) {
      const chosen: Record<string, string> = seconds === FIRST_CUT ? { selected: "" } : {};
      this.#seconds.append(el("option", { value: seconds, ...chosen }, `${seconds} s`));
    }
    this.element = el(
      "details",
      { class: "lag" },
      this.#summary,
      el("label", { for: "lag-delay" }, "Delay, each way"),
      this.#delay,
      this.#delayed,
      el("label", { for: "lag-jitter" }, "More or less than that"),
      this.#jitter,
      this.#jittered,
      el("label", { for: "lag-drop" }, "Lost on the way"),
      this.#drop,
      this.#dropped,
      el("label", { for: "lag-seconds" }, "No network at all for"),
      el("div", { class: "lag-cut" }, this.#seconds, this.#cut),
      el(
        "div",
        { class: "lag-compare" },
        this.#compare,
        el("label", { for: "lag-compare" }, "Show what the server said last, beside it"),
      ),
      el("p", {}, "In this browser only. Snapshots and inputs get lost; all else comes, but late."),
    );
    for (const one of [this.#delay, this.#jitter, this.#drop]) {
      one.addEventListener("input", () => this.#chosen());
    }
    this.#cut.addEventListener("click", () => this.#cuts());
    this.#compare.addEventListener("change", () => compare(this.#compare.checked));
    this.#chosen();
    this.#passed();
  }

  #chosen(): void {
    this.#lag.delayMs = this.#delay.valueAsNumber;
    this.#lag.jitterMs = this.#jitter.valueAsNumber;
    this.#lag.dropShare = this.#drop.valueAsNumber / 100;
    show(this.#delay, this.#delayed, `${this.#delay.value} ms`);
    show(this.#jitter, this.#jittered, `± ${this.#jitter.value} ms`);
    show(this.#drop, this.#dropped, `${this.#drop.value} %`);
    this.#summarize();
  }

  #cuts(): void {
    if (this.#cutLeft() > 0) return;
    const time = now();
    this.#lag.cut = { from: time, until: time + 1000 * Number(this.#seconds.value) };
    clearInterval(this.#clock);
    this.#clock = setInterval(() => this.#passed(), CLOCK_MS);
    this.#passed();
  }

  /** Time has passed: counts down. */
  #passed(): void {
    const left = this.#cutLeft();
    if (left === 0) clearInterval(this.#clock);
    say(this.#cut, left > 0 ? `Back in ${(left / 1000).toFixed(1)} s` : "Cut the network");
    // Who has the focus keeps it, which a disabled button would not.
    this.#cut.setAttribute("aria-disabled", String(left > 0));
    this.#summarize();
  }

  #summarize(): void {
    const { delayMs, jitterMs, dropShare } = this.#lag;
    const isCut = this.#cutLeft() > 0;
    const isWorse = delayMs > 0 || jitterMs > 0 || dropShare > 0;
    const delay = jitterMs > 0 ? `${delayMs} ± ${jitterMs} ms` : `${delayMs} ms`;
    const how = `${delay} more each way, ${this.#drop.value} % lost`;
    const worse = isWorse ? `Network: ${how}` : "Make the network worse";
    say(this.#summary, isCut ? "Network: none" : worse);
    this.element.classList.toggle("on", isCut || isWorse);
  }

  /** For how long the network is cut yet, in milliseconds. */
  #cutLeft(): number {
    return Math.max(0, (this.#lag.cut?.until ?? 0) - now());
  }
}

function slider(id: string, most: number, step: number): HTMLInputElement {
  const range = { min: "0", max: String(most), step: String(step), value: "0" };
  return el("input", { id, type: "range", ...range });
}

function show(slider: HTMLInputElement, output: HTMLOutputElement, text: string): void {
  say(output, text);
  slider.setAttribute("aria-valuetext", text);
}
