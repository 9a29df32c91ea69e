/**
 * How the game gets here, in numbers: the tick, the ping, the age of what was told last, which server that is, how long it took to get a seat there,
 * and how often the own goat is shown where it is not.
 */

import { el, say } from "../dom";
import type { Shares } from "./prediction/accuracy";

export interface Numbers {
  tick: number | null;
  /** There and back, in milliseconds. */
  pingMs: number | null;
  /** Since the newest snapshot came, in milliseconds. */
  ageMs: number | null;
  server: string;
  /** From the wish to play to the seat, in milliseconds. */
  seatedMs: number | null;
  /** Null where nobody can say. */
  shares: Shares | null;
}

export class Hud {
  readonly #tick = el("dd", { class: "hud-tick" });
  readonly #ping = el("dd", { class: "hud-ping" });
  readonly #age = el("dd", { class: "hud-age" });
  readonly #server = el("dd", { class: "hud-server" });
  readonly #seated = el("dd", { class: "hud-seated" });
  readonly #off = el("dd", { class: "hud-off" });
  readonly element = el(
    "dl",
    { class: "hud" },
    el("div", {}, el("dt", {}, "Tick"), this.#tick),
    el("div", {}, el("dt", {}, "Ping"), this.#ping),
    el("div", {}, el("dt", {}, "Age"), this.#age),
    el("div", {}, el("dt", {}, "Server"), this.#server),
    el("div", {}, el("dt", {}, "Seated in"), this.#seated),
    el("div", {}, el("dt", {}, "Off by more than a pixel"), this.#off),
  );

  show({ tick, pingMs, ageMs, server, seatedMs, shares }: Numbers): void {
    say(this.#tick, tick === null ? "–" : String(tick));
    say(this.#ping, milliseconds(pingMs));
    say(this.#age, milliseconds(ageMs));
    say(this.#server, server === "" ? "–" : server);
    say(this.#seated, seatedMs === null ? "–" : `${(seatedMs / 1000).toFixed(1)} s`);
    say(this.#off, shares === null ? "–" : sharesOf(shares));
  }
}

/**
 * How old what is seen is at the least: since it came, and half of what a ping takes, which is about how long it was on its way. `agoMs` and
 * `pingMs` in milliseconds; null for what is not known.
 */
export function ageOf(agoMs: number | null, pingMs: number | null): number | null {
  return agoMs === null ? null : agoMs + (pingMs ?? 0) / 2;
}

function sharesOf({ withPrediction, without }: Shares): string {
  const percent = (share: number) => `${Math.round(share * 100)} %`;
  return `with prediction ${percent(withPrediction)}, without ${percent(without)}`;
}

function milliseconds(ms: number | null): string {
  return ms === null ? "–" : `${Math.round(ms)} ms`;
}
