/** Which replica knows who sits here. In a system of replicas this is not one fact but several. */

export type Knows = "yes" | "no" | "unasked";

/** A person's log-ins and log-outs divide time; an answer counts only within its own part. */
export type Era = number;

export class Recognition {
  /** The name that this browser last had with any replica. */
  name: string | null = null;
  /** Why a replica could not say whether it knows this browser, until one can. */
  trouble: string | null = null;
  #era: Era = 0;
  #known = new Map<string, boolean>();

  /** To be kept from before a question until its answer. */
  get era(): Era {
    return this.#era;
  }

  /** `replica` has logged this browser in. What the others said before no longer counts. */
  loggedIn(name: string, replica: string): void {
    this.#begin(name);
    this.#known.set(replica, true);
  }

  loggedOut(): void {
    this.#begin(null);
  }

  /** `replica` said that it knows this browser as `name`, or, with null, that it does not. */
  answered(replica: string, name: string | null, era: Era): void {
    if (era !== this.#era) return;
    this.trouble = null;
    if (name !== null) this.name = name;
    this.#known.set(replica, name !== null);
  }

  /** `replica` could not say. What it said before still stands. */
  failed(replica: string, error: string): void {
    this.trouble = `${replica}: ${error}`;
  }

  /** `replica` is a new process now, whatever the one of the same name knew. */
  restarted(replica: string): void {
    this.#known.delete(replica);
  }

  of(replica: string): Knows {
    const known = this.#known.get(replica);
    return known === undefined ? "unasked" : known ? "yes" : "no";
  }

  /** Whether, as far as `replicas` were asked, this browser is logged in with at least one of them. */
  loggedInWith(replicas: readonly string[]): boolean {
    if (this.name === null) return false;
    // Until each was asked, the last name stands.
    return replicas.length === 0 || replicas.some((replica) => this.of(replica) !== "no");
  }

  #begin(name: string | null): void {
    this.name = name;
    this.#era += 1;
    this.#known.clear();
  }
}
