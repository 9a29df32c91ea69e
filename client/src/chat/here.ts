/** Who is here: a list at first, and then what changes in it. */

import type { Player } from "../net/player";

export class Here {
  #names = new Map<string, string>();
  #count = 0;

  /** How many are here, with those that are not known by name. */
  get count(): number {
    return this.#count;
  }

  /** Those who are known by name, in the order in which they came. */
  get players(): Player[] {
    return [...this.#names].map(([player, name]) => ({ player, name }));
  }

  /** `count` are here, and these are among them. */
  told(players: readonly Player[], count: number): void {
    this.#names = new Map(players.map(({ player, name }) => [player, name]));
    this.#count = count;
  }

  /** These came and those left, and now `count` are here. */
  changed(came: readonly Player[], left: readonly string[], count: number): void {
    for (const player of left) this.#names.delete(player);
    for (const { player, name } of came) this.#names.set(player, name);
    this.#count = count;
  }

  /** Without a connection nobody knows. */
  clear(): void {
    this.told([], 0);
  }
}
