/** The lobby, where players meet and are led to a match: puts its controller and its view together. */

import { byId } from "../dom";
import { RULES } from "../game/rules/version";
import { now } from "../net/clock";
import { loadAnew, putWordsBack } from "./anew";
import { LobbyApi } from "./api";
import { LobbyController } from "./controller";
import { FleetPanel } from "./fleet";
import { codeIn } from "./link";
import { Memory } from "./memory";
import { Return } from "./return";
import type { TurnedAway } from "./seeker";
import { sentence } from "./sentences";
import { type Around, LobbyView } from "./view";
import type { Admission } from "./wire";

/** Where players are led to. */
export interface Destination {
  /** Goes to a match. `arrived` or `turnedAway` is the answer. */
  enter(admission: Admission, role: "player" | "watcher"): void;
  /** What the lobby has to say is something else now. */
  changed(): void;
}

/** From one look at the clock to the next, while somebody waits. In milliseconds. */
const CLOCK_MS = 250;

export class Lobby {
  readonly fleet: FleetPanel;
  readonly #view: LobbyView;
  readonly #controller: LobbyController;
  #clock: ReturnType<typeof setInterval> | undefined;

  constructor(destination: Destination) {
    const api = new LobbyApi();
    const memory = new Memory();
    putWordsBack(memory);
    this.fleet = new FleetPanel(api);
    this.#view = new LobbyView({
      play: () => this.#controller.play(),
      watch: () => this.#controller.watch(),
      cancel: () => void this.#controller.cancel(),
      makeParty: () => void this.#controller.makeParty(),
      join: (code) => void this.#controller.join(code),
      leaveParty: () => void this.#controller.leaveParty(),
    });
    const page = {
      changed: () => this.#changed(destination),
      enter: (admission: Admission, role: "player" | "watcher") =>
        destination.enter(admission, role),
      logIn: () => byId("name", HTMLInputElement).focus(),
      codeUsed: () => history.replaceState(null, "", "/"),
      loadAnew: () => loadAnew(memory),
      hidden: () => document.hidden,
    };
    const back = new Return(memory, RULES);
    this.#controller = new LobbyController(api, page, back, codeIn(location.hash), now);
    const look = () => void this.#controller.look();
    window.addEventListener("focus", look);
    window.addEventListener("pageshow", look);
    window.addEventListener("hashchange", () => {
      const code = codeIn(location.hash);
      if (code !== null) void this.#controller.follow(code);
    });
    document.addEventListener("visibilitychange", () => document.hidden || look());
    // Somebody has logged in or out, as the top of the page shows.
    const options = { attributes: true, attributeFilter: ["hidden"] };
    new MutationObserver(look).observe(byId("identity", HTMLElement), options);
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  /** Whether this page is on its way to a match. */
  get isAsking(): boolean {
    return this.#controller.stand.asking !== null;
  }

  /** What a person should know now, as long as this page is in no match. */
  get sentence(): string {
    return sentence(this.#controller.stand);
  }

  show(around: Around): void {
    this.#view.show(this.#controller.stand, around);
  }

  /** Puts the focus on what is most likely wanted. Whether there is anything. */
  focus(): boolean {
    return this.#view.focus();
  }

  arrived(): number | null {
    return this.#controller.arrived();
  }

  turnedAway(by: TurnedAway): void {
    this.#controller.turnedAway(by);
  }

  over(why: string): void {
    this.#controller.over(why);
  }

  leave(match: string): void {
    void this.#controller.leave(match);
  }

  /** The match of this page is decided: its party may be over, too. */
  look(): void {
    void this.#controller.look();
  }

  #changed(destination: Destination): void {
    clearInterval(this.#clock);
    if (this.isAsking) this.#clock = setInterval(() => this.#view.passed(now()), CLOCK_MS);
    this.#view.passed(now());
    destination.changed();
  }
}
