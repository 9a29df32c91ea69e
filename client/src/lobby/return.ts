/**
 * The way of a tab back into the match that it played, and on to rules that it does not have. A tab that was loaded anew knows the first only
 * from its memory.
 */

import type { Memory } from "./memory";
import type { Seat } from "./wire";

/** What somebody may want of a page that is loaded anew for it. */
export type Wanted = "play" | "watch";

export class Return {
  readonly #memory: Memory;
  readonly #rules: number;
  #isFresh = true;

  /** `rules`: those that this page has. */
  constructor(memory: Memory, rules: number) {
    this.#memory = memory;
    this.#rules = rules;
  }

  /** This tab plays this match now. */
  plays(match: string): void {
    this.#memory.set("goatscale-match", match);
  }

  /** It plays none any more, and leads nobody back. */
  ends(): void {
    this.#memory.forget("goatscale-match");
  }

  /** What a tab that was loaded just now does by itself, when it first hears of its player's seat: null is nothing, as at any later time. */
  due(seat: Seat | null): Wanted | null {
    if (!this.#isFresh) return null;
    this.#isFresh = false;
    const wish = this.#memory.take("goatscale-wish");
    if (wish === "play" || wish === "watch") return wish;
    const isOurs = seat?.taken === true && seat.match === this.#memory.get("goatscale-match");
    return isOurs ? "play" : null;
  }

  /** Whether the page must be loaded anew, because the servers have these rules; once for each. Null: they have not said so. */
  mustLoadFor(rules: number | null): boolean {
    if (rules === null || rules === this.#rules) return false;
    if (this.#memory.get("goatscale-rules") === String(rules)) return false;
    this.#memory.set("goatscale-rules", String(rules));
    return true;
  }

  /** Remembers what the person wants, while the page is loaded anew. */
  wishes(wish: Wanted): void {
    this.#memory.set("goatscale-wish", wish);
  }
}
