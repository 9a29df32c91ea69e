/** A party: its code, the link to it, and who is in it. */

import { el, say } from "../dom";
import type { Party } from "./wire";
import { linkTo } from "./link";

/** So long the button says that it has copied. In milliseconds. */
const COPIED_MS = 2000;

export class PartyCard {
  readonly play = el("button", { id: "together", type: "button", class: "primary" });
  readonly element: HTMLElement;
  readonly #code = el("p", { class: "party-code" });
  readonly #link = el("input", {
    id: "party-link",
    type: "text",
    readonly: "",
    "aria-label": "Link for your friends",
  });
  readonly #copy = el("button", { id: "copy", type: "button" }, "Copy link");
  readonly #copied = el("span", { class: "hidden-label", role: "status" });
  readonly #count = el("span", { class: "party-count" });
  readonly #members = el("ul", { class: "members", "aria-label": "In your party" });
  #shown = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(play: () => void, leave: () => void) {
    const leaves = el("button", { id: "leave-party", type: "button" }, "Leave party");
    this.play.addEventListener("click", play);
    leaves.addEventListener("click", leave);
    this.#copy.addEventListener("click", () => this.#copyLink());
    this.#link.addEventListener("focus", () => this.#link.select());
    this.element = el(
      "section",
      { class: "party", "aria-labelledby": "party-title", hidden: "" },
      el("h3", { id: "party-title" }, "Your party ", this.#count),
      this.#code,
      el("div", { class: "party-link" }, this.#link, this.#copy, this.#copied),
      this.#members,
      el("div", { class: "party-buttons" }, this.play, leaves),
    );
  }

  /** `me`: the id of this page's player. `play`: what the button to play says. */
  show({ code, members, size }: Party, me: string, play: string): void {
    say(this.play, play);
    const all = JSON.stringify([code, members, size, me]);
    if (all === this.#shown) return;
    this.#shown = all;
    say(this.#code, code);
    say(this.#count, `${members.length} of ${size}`);
    const link = linkTo(code, location.href);
    if (this.#link.value !== link) this.#link.value = link;
    const rows = members.map(({ player, name }) => {
      const own = player === me;
      const row = el("li", own ? { class: "own" } : {}, el("bdi", {}, name));
      if (own) row.append(" (you)");
      return row;
    });
    this.#members.replaceChildren(...rows);
  }

  async #copyLink(): Promise<void> {
    clearTimeout(this.#timer);
    const copied = await write(this.#link.value);
    // Without a clipboard it is at least marked, so that the keys of the browser copy it.
    if (!copied) this.#link.focus();
    say(this.#copy, copied ? "Copied" : "Copy link");
    say(
      this.#copied,
      copied ? "The link is copied." : "The link is selected. Copy it by keyboard.",
    );
    this.#timer = setTimeout(() => {
      say(this.#copy, "Copy link");
      say(this.#copied, "");
    }, COPIED_MS);
  }
}

/** Whether the clipboard has the text now. A browser may have none for pages, or not let this one use it. */
async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
