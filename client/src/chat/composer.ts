/** The field to write in. Enter sends. What was typed stays there until somebody has taken it. */

import { el, say } from "../dom";
import { normalized, oneLine, problemOf } from "../net/message";

/** Sends a text; gives back why it could not be sent, or null when it was taken. */
export type Send = (text: string) => Promise<string | null>;

export class Composer {
  readonly element: HTMLFormElement;
  readonly #input = el("input", {
    id: "message",
    type: "text",
    dir: "auto",
    autocomplete: "off",
    enterkeyhint: "send",
    placeholder: "Write to the others",
    "aria-describedby": "message-problem",
  });
  readonly #problem = el("p", { id: "message-problem", class: "problem", role: "alert" });
  readonly #send: Send;
  #busy = false;

  constructor(send: Send) {
    this.#send = send;
    this.element = el(
      "form",
      { class: "composer" },
      el("label", { for: "message", class: "hidden-label" }, "Message"),
      this.#input,
      el("button", { type: "submit", class: "primary" }, "Send"),
      this.#problem,
    );
    this.#input.addEventListener("paste", (event) => this.#paste(event));
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  focus(): void {
    this.#input.focus();
  }

  /** Gives a text back to the person, before what they are typing now. */
  giveBack(text: string): void {
    this.#input.value = [text, this.#input.value].filter((part) => part !== "").join(" ");
    this.focus();
  }

  /** The field would drop the ends of lines, and so join the words around them. */
  #paste(event: ClipboardEvent): void {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(pasted)) return;
    event.preventDefault();
    const { selectionStart, selectionEnd, value } = this.#input;
    const [from, to] = [selectionStart ?? value.length, selectionEnd ?? value.length];
    this.#input.setRangeText(oneLine(pasted), from, to, "end");
  }

  async #submit(): Promise<void> {
    if (this.#busy) return;
    const typed = this.#input.value;
    const text = normalized(typed);
    this.#tell(problemOf(text));
    if (problemOf(text) === null) {
      this.#busy = true;
      const problem = await this.#send(text);
      this.#busy = false;
      this.#tell(problem);
      // Meanwhile the person may have typed on.
      if (problem === null && this.#input.value === typed) this.#input.value = "";
    }
    this.focus();
  }

  #tell(problem: string | null): void {
    say(this.#problem, problem ?? "");
    this.#input.setAttribute("aria-invalid", String(problem !== null));
  }
}
