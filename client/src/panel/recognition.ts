/** Which replica knows who sits here. In a system of replicas this is not one fact but several. */

import type { Player } from "../net/player";

export type Knows = "yes" | "no" | "unasked" | "unsure";

/** A person's log-ins and log-outs divide time; an answer counts only within its own part. */
export type Era = number;

export class Recognition {
  /** Who this browser last was for any replica. */
  player: Player | null = null;
  #settled = false;
  #era: Era = 0;
  #known = new Map<string, boolean>();
  #unsure = new Set<string>();

  /** To be kept from before a question until its answer. */
  get era(): Era {
    return this.#era;
  }

  /** Whether it is known at all who sits here, or that nobody does: before any replica has said so it is not. */
  get settled(): boolean {
    return this.#settled;
  }

  /** `replica` has logged this browser in. What the others said before no longer counts. */
  loggedIn(player: Player, replica: string): void {
    this.#begin(player);
    this.#known.set(replica, true);
  }

  loggedOut(): void {
    this.#begin(null);
  }

  /** `replica` said that this browser is `player`, or, with null, that it knows nobody here. */
  answered(replica: string, player: Player | null, era: Era): void {
    if (era !== this.#era) return;
    // Another page of this browser may have logged somebody in. What was said before was about somebody else.
    if (player !== null && player.player !== this.player?.player) this.#begin(player);
    this.#settled = true;
    this.#unsure.delete(replica);
    this.#known.set(replica, player !== null);
  }

  /** `replica` could not say. What it said before is not forgotten, and may not hold any more. */
  failed(replica: string): void {
    this.#unsure.add(replica);
  }

  /** `replica` is a new process now, whatever the one of the same name knew. */
  restarted(replica: string): void {
    this.#known.delete(replica);
    this.#unsure.delete(replica);
  }

  of(replica: string): Knows {
    if (this.#unsure.has(replica)) return "unsure";
    const known = this.#known.get(replica);
    return known === undefined ? "unasked" : known ? "yes" : "no";
  }

  /** Whether, as far as `replicas` were asked, this browser is logged in with at least one of them. */
  loggedInWith(replicas: readonly string[]): boolean {
    if (this.player === null) return false;
    // Until each was asked, who was last there stands.
    return replicas.length === 0 || replicas.some((replica) => this.of(replica) !== "no");
  }

  #begin(player: Player | null): void {
    this.player = player;
    this.#settled = true;
    this.#era += 1;
    this.#known.clear();
    this.#unsure.clear();
  }
}
