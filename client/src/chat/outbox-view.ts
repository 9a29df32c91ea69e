/** What has not arrived yet, and what the person can do about it. */

import { el } from "../dom";
import type { Entry, Outbox, State } from "./outbox";

export interface Choices {
  again(ref: string): void;
  giveBack(ref: string): void;
  discard(ref: string): void;
}

const WORDS: Record<State, string> = {
  waiting: "Waits to be sent.",
  sending: "On its way …",
  returned: "Waits for your decision.",
};

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
    const item = el(
      "li",
      { class: `entry ${state}` },
      el("p", { class: "text", dir: "auto" }, text),
      el("p", { class: "why" }, el("strong", {}, WORDS[state]), why === "" ? "" : ` ${why}`),
    );
    if (state === "returned") {
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
