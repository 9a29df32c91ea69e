/** The answers that were slow or a refusal, each with a button that finds its records. */

import { el } from "../dom";
import { milliseconds } from "../panel/strip";
import { type Met, SLOW_MS } from "./lately";

export class LatelyList {
  readonly #find: (id: string) => void;
  readonly #none = el(
    "p",
    { class: "lately-none" },
    `Nothing so far took longer than ${SLOW_MS} ms.`,
  );
  readonly #list = el("ol", { class: "lately-rows", "aria-labelledby": "lately-title" });
  readonly element = el(
    "div",
    { class: "lately" },
    el("h3", { id: "lately-title" }, "Lately slow or refused"),
    this.#none,
    this.#list,
  );
  readonly #rows = new Map<number, HTMLLIElement>();

  constructor(find: (id: string) => void) {
    this.#find = find;
  }

  /** `id`: that of the request whose records are shown. */
  show(lately: readonly Met[], id: string): void {
    this.#none.hidden = lately.length > 0;
    // Rows that stay are left alone: whoever is on a button with the keyboard stays there.
    for (const met of lately.toReversed()) {
      const row = this.#rows.get(met.n) ?? this.#add(met);
      row.classList.toggle("own", met.requestId === id);
    }
    for (const n of [...this.#rows.keys()].slice(0, -lately.length)) this.#remove(n);
  }

  #add(met: Met): HTMLLIElement {
    const { n, method, path, status, ms, replica, requestId } = met;
    const what = `${method} ${path}`;
    const button = el("button", { id: `lately-${n}`, type: "button" }, "Its records");
    button.append(el("span", { class: "hidden-label" }, `: ${what}, ${milliseconds(ms)}`));
    button.addEventListener("click", () => this.#find(requestId));
    const row = el(
      "li",
      {},
      el("code", { class: "lately-what one-line", title: what }, what),
      el("span", { class: status < 400 ? "" : "bad" }, String(status)),
      el("span", { class: ms < SLOW_MS ? "" : "slow" }, milliseconds(ms)),
      el("span", { class: "lately-who" }, replica ?? "no replica"),
      button,
    );
    this.#list.prepend(row);
    this.#rows.set(n, row);
    return row;
  }

  #remove(n: number): void {
    const row = this.#rows.get(n);
    const hasFocus = row?.contains(document.activeElement) ?? false;
    row?.remove();
    this.#rows.delete(n);
    // A person who goes on by keyboard must not start at the top.
    if (hasFocus) this.#list.querySelector<HTMLButtonElement>("li:last-child button")?.focus();
  }
}
