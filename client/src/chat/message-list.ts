/** The messages on the page, in a box of their own that stays at its end unless somebody scrolls up. */

import "./message-list.css";
import { el } from "../dom";
import { view } from "./message-view";
import { messagePath } from "./message-path";
import type { ReplicaIcons } from "../panel/replica-icons";
import type { Item, Timeline } from "./timeline";

/** So near to its end, in pixels, the box counts as being there. */
const NEAR = 60;

interface Drawn {
  item: Item;
  tagged: boolean;
  element: HTMLElement;
}

export class MessageList {
  readonly element: HTMLElement;
  readonly #icons: ReplicaIcons;
  readonly #list = el("ol");
  // A log is read out as it grows. It can be scrolled by keyboard, so it takes the focus.
  readonly #box = el(
    "div",
    { class: "log", role: "log", "aria-label": "Messages", tabindex: "0" },
    this.#list,
  );
  readonly #newest = el("button", { type: "button", class: "newest-button", hidden: "" }, "New ↓");
  #stays = true;
  #lastSize = "";
  readonly #drawn = new Map<string, Drawn>();

  constructor(icons: ReplicaIcons) {
    this.#icons = icons;
    this.element = el("div", { class: "log-frame" }, this.#box, this.#newest);
    this.#newest.addEventListener("click", () => {
      this.toEnd();
      this.#box.focus();
    });
    this.#box.addEventListener("scroll", () => {
      // Scrolling that comes of a new size is nobody's wish.
      if (this.#size() !== this.#lastSize) return;
      this.#stays = this.#atEnd();
      if (this.#stays) this.#newest.hidden = true;
    });
    // A phone's keyboard makes the box smaller; the end must stay in sight.
    new ResizeObserver(() => {
      this.#lastSize = this.#size();
      if (this.#stays) this.toEnd();
    }).observe(this.#box);
  }

  /** Brings the list up to date. Those who are `tagged` share their name. `me` is the id of the person at this page. */
  show({ items }: Timeline, tagged: ReadonlySet<string>, me: string | null): void {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of this.#drawn) {
      if (keys.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
    items.forEach((item, at) => {
      const element = this.#draw(item, tagged, me);
      const there = this.#list.children[at] ?? null;
      if (there === element) return;
      this.#list.insertBefore(element, there);
      this.#newest.hidden = this.#stays;
    });
    if (this.#stays) this.toEnd();
  }

  // lesson 7
  /** Whether what comes now is shown only. What was said long ago need not be read out. */
  hush(quiet: boolean): void {
    this.#box.setAttribute("aria-live", quiet ? "off" : "polite");
  }

  toEnd(): void {
    this.#stays = true;
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  #draw(item: Item, all: ReadonlySet<string>, me: string | null): HTMLElement {
    const tagged = "message" in item && all.has(item.message.player);
    const drawn = this.#drawn.get(item.key);
    if (drawn?.item === item && drawn.tagged === tagged) return drawn.element;
    drawn?.element.remove();
    const element =
      "note" in item
        ? el("li", { class: "note" }, item.note)
        : view(
            item.message,
            { mine: item.message.player === me, tagged },
            messagePath(this.#icons, item.message.replica, item.deliveredBy),
          );
    this.#drawn.set(item.key, { item, tagged, element });
    return element;
  }

  #size(): string {
    return `${this.#box.clientWidth} ${this.#box.clientHeight}`;
  }

  #atEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }
}
