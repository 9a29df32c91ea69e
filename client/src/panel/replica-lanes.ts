/** Draws the strip: one lane for each replica, one column for each event, the newest on the right. */

import { el, say } from "../dom";
import type { WhoAmI } from "../net/api";
import { drawThread } from "./delivery";
import type { Knows } from "./recognition";
import { drawIcon, type ReplicaIcons } from "./replica-icons";
import { age } from "./status-text";
import { type Column, type Lane, type Mark, NOBODY, WINDOW } from "./strip";

/** What a lane says of its replica, besides its marks. */
export interface About {
  knows: Knows;
  /** The name under which it would know this browser; null if it has none. */
  name: string | null;
  facts: WhoAmI | undefined;
}

interface Drawn {
  item: HTMLLIElement;
  knows: HTMLElement;
  facts: HTMLElement;
  track: HTMLElement;
}

export class ReplicaLanes {
  readonly #list: HTMLElement;
  readonly #icons: ReplicaIcons;
  readonly #drawn = new Map<string, Drawn>();
  #last = -1;

  constructor(list: HTMLElement, icons: ReplicaIcons) {
    this.#list = list;
    this.#icons = icons;
  }

  /** Brings the drawing up to date. `now` in milliseconds since 1970. */
  show(
    columns: readonly Column[],
    lanes: Lane[],
    about: (lane: string) => About,
    now: number,
  ): void {
    this.#arrange(lanes);
    for (const lane of lanes) this.#label(lane, about(lane.name), now);
    for (const column of columns) {
      if (column.n > this.#last) this.#add(column);
    }
    this.#last = columns.at(-1)?.n ?? -1;
    this.#list.style.setProperty("--last", String(this.#last));
  }

  #arrange(lanes: Lane[]): void {
    for (const [name, { item }] of this.#drawn) {
      if (lanes.some((lane) => lane.name === name)) continue;
      item.remove();
      this.#drawn.delete(name);
    }
    lanes.forEach(({ name }, at) => {
      let drawn = this.#drawn.get(name);
      if (!drawn) {
        drawn = this.#lane(name);
        this.#drawn.set(name, drawn);
      }
      if (this.#list.children[at] !== drawn.item) {
        this.#list.insertBefore(drawn.item, this.#list.children[at] ?? null);
      }
    });
  }

  #lane(name: string): Drawn {
    const track = el("div", { class: "track" });
    const knows = el("span", { class: "knows" });
    const facts = el("span", { class: "facts" });
    const icon = name === NOBODY ? drawIcon("cross") : drawIcon(this.#icons.of(name));
    const title = el("strong", { class: "name" }, name === NOBODY ? "no replica" : name);
    const item = el(
      "li",
      { class: name === NOBODY ? "lane nobody" : "lane", "data-replica": name },
      el("div", { class: "about" }, icon, title, knows, facts),
      el("div", { class: "strip", "aria-hidden": "true" }, track),
    );
    return { item, knows, facts, track };
  }

  #label(lane: Lane, about: About, now: number): void {
    const drawn = this.#drawn.get(lane.name);
    if (!drawn) return;
    const { item } = drawn;
    const { knows, name, facts } = about;
    item.classList.toggle("newest", lane.ago === 0);
    item.classList.toggle("silent", lane.silent);
    if (lane.name === NOBODY) {
      say(drawn.facts, callsAgo(lane.ago));
      return;
    }
    item.dataset.knows = name === null || lane.silent ? "" : knows;
    say(drawn.knows, lane.silent ? "is silent" : words(knows, name));
    // How long one that is silent has been up nobody knows: it may be gone.
    say(drawn.facts, facts && !lane.silent ? inWords(facts, now) : "");
  }

  #add(column: Column): void {
    for (const mark of column.marks) {
      const track = this.#drawn.get(mark.lane)?.track;
      if (!track) continue;
      const cell = el("span", { class: mark.big ? "mark big" : "mark", title: column.label });
      cell.style.setProperty("--n", String(column.n));
      cell.dataset.n = String(column.n);
      cell.append(this.#picture(mark));
      track.append(cell);
    }
    drawThread(this.#list, column); // lesson 5
    for (const { track } of this.#drawn.values()) {
      while (
        Number((track.firstElementChild as HTMLElement | null)?.dataset.n) <=
        column.n - WINDOW
      ) {
        track.firstElementChild?.remove();
      }
    }
  }

  #picture({ lane, look }: Mark): SVGSVGElement {
    if (look === "nobody") return drawIcon("cross", look);
    return drawIcon(this.#icons.of(lane), look);
  }
}

function callsAgo(calls: number): string {
  if (calls === 0) return "now";
  return calls === 1 ? "1 call ago" : `${calls} calls ago`;
}

function inWords(facts: WhoAmI, now: number): string {
  const words = [`up ${age(facts.startedAt, now)}`, `${facts.served} served`];
  // words.push(`v${facts.version}`); // lessons 3 to 6 only
  return words.join(" · ");
}

function words(knows: Knows, name: string | null): string {
  if (name === null) return "";
  if (knows === "yes") return `knows you as ${name}`;
  if (knows === "unsure") return "cannot say who you are";
  return knows === "no" ? "does not know you" : "not asked yet";
}
