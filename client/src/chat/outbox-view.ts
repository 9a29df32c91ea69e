/** What has not arrived yet, and what the person can do about it. */

import { el } from "../dom";
import { type Entry, isUndecided, type Outbox, STATE_TEXT } from "./outbox";
import "./outbox.css";

export interface Choices {
  again(ref: string): void;
  giveBack(ref: string): void;
  discard(ref: string): void;
}

export class OutboxView {
  readonly element = el("ul", { class: "outbox", "aria-label": "Not arrived yet" });
  readonly #choices: Choices;
  #shown = "";

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  show({ entries }: Outbox): void {
    // Drawn anew only on a change, so that a button under somebody's finger stays where it is.
    const now = JSON.stringify(entries);
    if (now === this.#shown) return;
    this.#shown = now;
    this.element.replaceChildren(...entries.map((entry) => this.#entry(entry)));
    this.element.hidden = entries.length === 0;
  }

  #entry({ ref, text, state, why }: Entry): HTMLLIElement {
    const undecided = isUndecided(state);
    const item = el(
      "li",
      { class: undecided ? `entry ${state} undecided` : `entry ${state}` },
      el("p", { class: "text", dir: "auto" }, text),
      el("p", { class: "why" }, el("strong", {}, STATE_TEXT[state]), why === "" ? "" : ` ${why}`),
    );
    if (undecided) {
      item.append(
        el(
          "div",
          { class: "buttons" },
          button("Send again", () => this.#choices.again(ref)),
          button("Edit", () => this.#choices.giveBack(ref)),
          button("Discard", () => this.#choices.discard(ref)),
        ),
      );
    }
    return item;
  }
}

function button(text: string, act: () => void): HTMLButtonElement {
  const element = el("button", { type: "button" }, text);
  element.addEventListener("click", act);
  return element;
}
