/** Draws the strip: one lane for each replica, one column for each event, the newest on the right. */

import type { WhoAmI } from "../net/api";
import { el, say } from "../dom";
import type { Knows } from "./knowledge";
import { age } from "./sentences";
import { draw, type Signs } from "./signs";
import { type Column, type Lane, type Mark, NOBODY, WINDOW } from "./strip";

/** What a lane says of its replica, besides its marks. */
export interface About {
  knows: Knows;
  /** The name under which it would know this browser; null if it has none. */
  name: string | null;
  facts: WhoAmI | undefined;
  versions: readonly string[]; // lesson 7
}

interface Drawn {
  item: HTMLLIElement;
  knows: HTMLElement;
  facts: HTMLElement;
  version: HTMLElement; // lesson 7
  track: HTMLElement;
}

export class Lanes {
  readonly #list: HTMLElement;
  readonly #signs: Signs;
  readonly #drawn = new Map<string, Drawn>();
  #last = -1;

  constructor(list: HTMLElement, signs: Signs) {
    this.#list = list;
    this.#signs = signs;
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
    const version = el("span", { class: "version" }); // lesson 7
    const sign = name === NOBODY ? draw("cross") : draw(this.#signs.of(name));
    const title = el("strong", { class: "name" }, name === NOBODY ? "no replica" : name);
    const item = el(
      "li",
      { class: name === NOBODY ? "lane nobody" : "lane", "data-replica": name },
      el("div", { class: "about" }, sign, title, knows, facts),
      el("div", { class: "strip", "aria-hidden": "true" }, track),
    );
    facts.after(version); // lesson 7
    return {
      item,
      knows,
      facts,
      version, // lesson 7
      track,
    };
  }

  #label(lane: Lane, about: About, now: number): void {
    const drawn = this.#drawn.get(lane.name);
    if (!drawn) return;
    const { item } = drawn;
    const { knows, name, facts } = about;
    item.classList.toggle("newest", lane.ago === 0);
    item.classList.toggle("silent", lane.silent);
    if (lane.name === NOBODY) {
      say(drawn.facts, lane.ago === 0 ? "now" : `${lane.ago} calls ago`);
      return;
    }
    item.dataset.knows = name === null || lane.silent ? "" : knows;
    say(drawn.knows, lane.silent ? "is silent" : words(knows, name));
    say(drawn.facts, facts ? inWords(facts, now) : "");
    this.#version(drawn.version, about); // lesson 7
  }

  // lesson 7
  /** While there are two, the old and the new one can be told apart at a glance. The newest comes last. */
  #version(label: HTMLElement, { facts, versions }: About): void {
    say(label, facts ? `v${facts.version}` : "");
    label.classList.toggle("old", facts !== undefined && facts.version !== versions.at(-1));
    label.classList.toggle("new", versions.length > 1 && facts?.version === versions.at(-1));
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
    this.#link(column); // lesson 5
    for (const { track } of this.#drawn.values()) {
      while (
        Number((track.firstElementChild as HTMLElement | null)?.dataset.n) <=
        column.n - WINDOW
      ) {
        track.firstElementChild?.remove();
      }
    }
  }

  // lesson 5
  /** Draws a line between the two lanes of one event, through those that lie between them. */
  #link({ n, marks }: Column): void {
    const lanes = [...this.#list.children];
    const names = lanes.map((item) => item.getAttribute("data-replica"));
    const at = marks.map(({ lane }) => names.indexOf(lane));
    const [top, bottom] = [Math.min(...at), Math.max(...at)];
    for (let lane = top; lane <= bottom && top < bottom; lane++) {
      const end = lane === top ? "begin" : lane === bottom ? "end" : "";
      const line = el("span", { class: `mark thread ${end}`, "data-n": String(n) });
      line.style.setProperty("--n", String(n));
      lanes[lane]?.querySelector(".track")?.prepend(line);
    }
  }

  #picture({ lane, look }: Mark): SVGSVGElement {
    if (look === "nobody") return draw("cross", look);
    return draw(this.#signs.of(lane), look);
  }
}

function inWords(facts: WhoAmI, now: number): string {
  const words = [`up ${age(facts.startedAt, now)}`, `${facts.served} served`];
  // words.push(`v${facts.version}`); // lessons 3 to 6 only
  return words.join(" · ");
}

function words(knows: Knows, name: string | null): string {
  if (name === null) return "";
  if (knows === "yes") return `knows you as ${name}`;
  return knows === "no" ? "does not know you" : "not asked yet";
}
