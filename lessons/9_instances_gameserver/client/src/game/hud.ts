/** How the game gets here, in numbers: the tick, the ping, the age of what is seen, which server that is, and how long it took to get a seat there. */

import { el, say } from "../dom";

export interface Numbers {
  tick: number | null;
  /** There and back, in milliseconds. */
  pingMs: number | null;
  /** Since the newest snapshot came, in milliseconds. */
  ageMs: number | null;
  server: string;
  /** From the wish to play to the seat, in milliseconds. */
  seatedMs: number | null;
}

export class Hud {
  readonly #tick = el("dd", { class: "hud-tick" });
  readonly #ping = el("dd", { class: "hud-ping" });
  readonly #age = el("dd", { class: "hud-age" });
  readonly #server = el("dd", { class: "hud-server" });
  readonly #seated = el("dd", { class: "hud-seated" });
  readonly element = el(
    "dl",
    { class: "hud" },
    el("div", {}, el("dt", {}, "Tick"), this.#tick),
    el("div", {}, el("dt", {}, "Ping"), this.#ping),
    el("div", {}, el("dt", {}, "Age"), this.#age),
    el("div", {}, el("dt", {}, "Server"), this.#server),
    el("div", {}, el("dt", {}, "Seated in"), this.#seated),
  );

  show({ tick, pingMs, ageMs, server, seatedMs }: Numbers): void {
    say(this.#tick, tick === null ? "–" : String(tick));
    say(this.#ping, milliseconds(pingMs));
    say(this.#age, milliseconds(ageMs));
    say(this.#server, server === "" ? "–" : server);
    say(this.#seated, seatedMs === null ? "–" : `${(seatedMs / 1000).toFixed(1)} s`);
  }
}

/**
 * How old what is seen is at the least: since it came, and half of what a ping takes, which is about how long it was on its way. `agoMs` and
 * `pingMs` in milliseconds; null for what is not known.
 */
export function ageOf(agoMs: number | null, pingMs: number | null): number | null {
  return agoMs === null ? null : agoMs + (pingMs ?? 0) / 2;
}

function milliseconds(ms: number | null): string {
  return ms === null ? "–" : `${Math.round(ms)} ms`;
}
