/** How the search for records looks: a field for the id, what was slow lately, and what was found. */

import { el, say } from "../dom";
import type { Stand } from "./controller";
import { LatelyList } from "./lately-list";
import { storesPage } from "./query";
import { recordRows } from "./record-rows";
import "./records.css";

export class RecordsView {
  readonly #id = el("input", {
    id: "request-id",
    type: "text",
    autocomplete: "off",
    autocapitalize: "none",
    spellcheck: "false",
    maxlength: "200",
    required: "",
    "aria-describedby": "request-id-problem",
  });
  readonly #problem = el("p", { id: "request-id-problem", class: "problem", role: "alert" });
  readonly #form = el(
    "form",
    { class: "find" },
    el("label", { for: "request-id" }, "A request's id"),
    this.#id,
    el("button", { id: "find-records", type: "submit", class: "primary" }, "Find its records"),
    this.#problem,
  );
  readonly #lately: LatelyList;
  readonly #summary = el("p", { class: "records-summary" });
  readonly #note = el("p", { class: "records-note" });
  readonly #link = el(
    "a",
    { target: "_blank", rel: "noreferrer", hidden: "" },
    "Open in the store's own page",
  );
  readonly #rows = el("ol", { class: "records-rows", "aria-label": "Records, the oldest first" });
  readonly element: HTMLElement;
  #shown: Stand["records"] = [];

  /** `find` is called with what somebody wants the records of. */
  constructor(find: (typed: string) => void) {
    this.#lately = new LatelyList((id) => {
      this.#id.value = id;
      find(id);
    });
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      find(this.#id.value);
      if (this.#problem.textContent !== "") this.#id.focus();
    });
    const said = el("div", { class: "records-said", role: "status" }, this.#summary, this.#note);
    this.element = el(
      "section",
      { id: "records", class: "card records", "aria-labelledby": "records-title" },
      el(
        "div",
        { class: "card-head" },
        el("h2", { id: "records-title" }, "What happened"),
        this.#link,
      ),
      this.#form,
      this.#lately.element,
      said,
      this.#rows,
    );
  }

  show(stand: Stand): void {
    say(this.#problem, stand.problem);
    this.#id.setAttribute("aria-invalid", String(stand.problem !== ""));
    say(this.#summary, stand.summary);
    say(this.#note, stand.note);
    this.#rows.setAttribute("aria-busy", String(stand.isAsking));
    this.#link.hidden = stand.query === "";
    if (stand.query !== "") this.#link.href = storesPage(stand.query, location);
    this.#lately.show(stand.lately, stand.id);
    if (stand.records === this.#shown) return;
    this.#shown = stand.records;
    this.#rows.replaceChildren(...recordRows(stand.records));
  }
}
