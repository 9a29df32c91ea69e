/** Which game servers there are, what each of them does, and how full it is: asked for as long as a person looks at it. */

import { el, say } from "../dom";
import type { LobbyApi } from "./api";
import type { GameServer } from "./wire";
import "./fleet.css";

/** From one answer to the next question. In milliseconds. */
const PERIOD_MS = 2000;

/** What a server's state means, in a few words. */
const STATES: Readonly<Record<string, string>> = {
  starting: "cannot be reached yet",
  ready: "no match yet",
  allocated: "has matches",
  draining: "takes no more matches",
  lost: "has fallen silent",
};

export class FleetPanel {
  readonly element: HTMLDetailsElement;
  readonly #api: LobbyApi;
  readonly #rows = el("tbody");
  readonly #summary = el("summary", { id: "fleet-summary" }, "Game servers");
  readonly #state = el("p", { class: "fleet-state", role: "status" }, "Asking …");
  readonly #table: HTMLTableElement;
  #own = "";
  #servers: GameServer[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: LobbyApi) {
    this.#api = api;
    const heads = ["Server", "State", "Matches", "Seats"];
    this.#table = el(
      "table",
      { hidden: "" },
      el("caption", { class: "hidden-label" }, "Game servers"),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      this.#rows,
    );
    this.element = el("details", { class: "fleet" }, this.#summary, this.#state, this.#table);
    this.element.addEventListener("toggle", () => this.#ask());
    document.addEventListener("visibilitychange", () => this.#ask());
  }

  /** `own`: the server of the match of this page; empty if there is none. */
  show(own: string): void {
    if (own === this.#own) return;
    this.#own = own;
    this.#draw();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.element.open || document.hidden) return;
    // Until there is an answer nobody asks a second time.
    this.#timer = setTimeout(() => this.#ask(), 5 * PERIOD_MS);
    const answer = await this.#api.fleet();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PERIOD_MS);
    if (answer.ok) {
      this.#servers = answer.value;
      say(this.#state, answer.value.length === 0 ? "There is no game server." : "");
      this.#draw();
    } else say(this.#state, "Nobody can say now which game servers there are.");
  }

  #draw(): void {
    this.#table.hidden = this.#servers.length === 0;
    this.#rows.replaceChildren(...this.#servers.map((server) => row(server, this.#own)));
  }
}

function row(server: GameServer, own: string): HTMLTableRowElement {
  const isOwn = server.server === own;
  const { state } = server;
  const [taken, all] = [server.players, server.matches * server.seats];
  const name = el("th", { scope: "row" }, server.server);
  if (isOwn) name.append(el("span", { class: "fleet-own" }, "you are here"));
  const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
  bar.style.setProperty("--share", String(Math.min(1, taken / Math.max(1, all))));
  return el(
    "tr",
    { class: isOwn ? "own" : "", "data-state": state },
    name,
    el("td", {}, el("span", { class: "fleet-word", title: STATES[state] ?? "" }, state)),
    el("td", {}, `${server.matches} of ${server.capacity}`),
    el("td", {}, all === 0 ? "–" : el("span", { class: "fleet-seats" }, `${taken} of ${all}`, bar)),
  );
}
