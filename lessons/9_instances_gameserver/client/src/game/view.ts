/** How the game looks around its picture: buttons, sentences, the countdown, and where fingers steer. */

import { el, say } from "../dom";
import { isIn, type Status, steers } from "./status";
import "./game.css";
import "./touch.css";

/** What the person at this page can do, beside steering. */
export interface Actions {
  leave(): void;
  /** Switches the sound; gives back whether it is on then. */
  sound(): boolean;
}

/** What is written over the picture. */
export interface Caption {
  /** In small letters, in large ones, and in small ones again; each may be empty. */
  above: string;
  large: string;
  below: string;
  /** At the lower edge. */
  hint: string;
}

export const NO_CAPTION: Caption = { above: "", large: "", below: "", hint: "" };

export class GameView {
  readonly canvas = el("canvas", { role: "img", "aria-label": "A mountaintop with goats." });
  readonly stage = el("div", { class: "stage" }, this.canvas);
  readonly stick = el("div", { class: "stick", "aria-hidden": "true" }, el("span", {}));
  readonly butt = el("button", { id: "butt", type: "button", class: "butt" }, "Butt");
  readonly element: HTMLElement;
  readonly #state = el("p", { class: "play-state", role: "status" });
  readonly #spoken = el("p", { class: "hidden-label play-spoken", "aria-live": "polite" });
  readonly #above = el("p", { class: "caption-above" });
  readonly #large = el("p", { class: "caption-large" });
  readonly #below = el("p", { class: "caption-below" });
  readonly #hint = el("p", { class: "caption-hint" });
  readonly #leave = el("button", { id: "leave", type: "button", hidden: "" }, "Leave");
  readonly #sound = el("button", { id: "sound", type: "button", "aria-pressed": "false" }, "Sound");
  readonly #arena = el("div", { class: "arena" }, this.stage);
  readonly #touch = el("div", { class: "touch" }, this.stick, this.butt);

  /** `over`: what stands over the picture. `details`: what stands below it, from the most important on. */
  constructor(actions: Actions, over: HTMLElement, details: readonly HTMLElement[]) {
    this.#leave.addEventListener("click", () => actions.leave());
    this.#sound.addEventListener("click", () => {
      this.#sound.setAttribute("aria-pressed", String(actions.sound()));
    });
    // A finger that touches does not focus what it touches, where it means something else.
    this.stage.addEventListener("pointerdown", () => this.stage.focus({ preventScroll: true }));
    this.#arena.append(
      // All of it is said in sentences, too.
      el(
        "div",
        { class: "captions", "aria-hidden": "true" },
        this.#above,
        this.#large,
        this.#below,
      ),
      el("div", { class: "captions-low", "aria-hidden": "true" }, this.#hint),
      over,
    );
    this.element = el(
      "section",
      { class: "card play", "aria-labelledby": "play-title" },
      el(
        "div",
        { class: "card-head" },
        el("h2", { id: "play-title" }, "Fainting Goats"),
        el("div", { class: "buttons" }, this.#sound, this.#leave),
      ),
      this.#state,
      this.#arena,
      this.#touch,
      ...details,
      el(
        "p",
        { id: "play-keys", class: "play-keys" },
        el("kbd", {}, "↑ ↓ ← →"),
        " or ",
        el("kbd", {}, "W A S D"),
        " to steer. Hold ",
        el("kbd", {}, "Space"),
        " to charge, and let go to butt.",
      ),
      el(
        "p",
        { class: "play-fingers" },
        "The stick on the left steers. Hold the button on the right to charge, and let go to butt.",
      ),
      this.#spoken,
    );
  }

  /** `sentence`: how it stands. `isOut`: whether this page's goat is out of the match. */
  show(status: Status, sentence: string, isOut: boolean): void {
    const { kind } = status.phase;
    const isOff = !isIn(status);
    this.element.dataset.phase = kind;
    this.element.classList.toggle("steers", steers(status) && !isOut);
    say(this.#state, sentence);
    this.#leave.hidden = isOff;
    this.#focusable(!isOff && status.role === "player");
  }

  /** Makes a change. What had the focus may be gone after that, and nobody should have to look for it: then `next` finds another place. */
  keepFocus(change: () => void, next: () => void): void {
    const focused = document.activeElement;
    change();
    if (!this.element.contains(focused)) return;
    const isThere = focused === document.activeElement && focused?.closest("[hidden]") === null;
    if (!isThere) next();
  }

  /** Puts the focus on what steers, or on the way out. */
  focus(): void {
    const steers = this.stage.hasAttribute("tabindex");
    (steers ? this.stage : this.#leave).focus({ preventScroll: true });
  }

  /** Brings the picture into sight, and the keys to it; but takes them from nobody who writes something. */
  enter(): void {
    const active = document.activeElement;
    const isElsewhere = active !== null && !this.element.contains(active);
    if (isElsewhere && active.matches("input, textarea")) return;
    this.#arena.scrollIntoView({ block: "nearest" });
    if (this.stage.hasAttribute("tabindex")) this.stage.focus({ preventScroll: true });
  }

  caption({ above, large, below, hint }: Caption): void {
    say(this.#above, above);
    say(this.#large, large);
    say(this.#below, below);
    say(this.#hint, hint);
  }

  /** Reads a text out. */
  speak(text: string): void {
    say(this.#spoken, text);
  }

  /** What the picture shows. */
  describe(text: string): void {
    if (this.canvas.getAttribute("aria-label") !== text) {
      this.canvas.setAttribute("aria-label", text);
    }
  }

  /** Whether keys do not get to the goat, and nothing else is at hand that does. */
  get isDeaf(): boolean {
    if (matchMedia("(pointer: coarse)").matches) return false;
    return document.activeElement !== this.stage || !document.hasFocus();
  }

  /** As an application, it gets the arrow keys where a screen reader would take them otherwise. */
  #focusable(focusable: boolean): void {
    if (focusable === this.stage.hasAttribute("tabindex")) return;
    const attributes = {
      tabindex: "0",
      role: "application",
      "aria-label": "Your goat",
      "aria-describedby": "play-keys",
    };
    for (const [name, value] of Object.entries(attributes)) {
      if (focusable) this.stage.setAttribute(name, value);
      else this.stage.removeAttribute(name);
    }
  }
}
