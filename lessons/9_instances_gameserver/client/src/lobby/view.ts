/** How the lobby looks: what stands over the picture as long as nobody here plays. */

import { el, say } from "../dom";
import type { Stand } from "./stand";
import { PartyCard } from "./party-card";
import { WaitingLine } from "./waiting-line";
import "./lobby.css";
import { typedCode } from "./link";

/** What the person at this page can do. */
export interface Actions {
  play(): void;
  watch(): void;
  cancel(): void;
  makeParty(): void;
  join(code: string): void;
  leaveParty(): void;
}

/** How it stands with the match of this page. */
export interface Around {
  /** It is in none. */
  isOff: boolean;
  /** It has played, and could again: its match is decided, or its goat is out for good. */
  mayPlayAgain: boolean;
  /** It has played or watched before. */
  isBack: boolean;
}

export class LobbyView {
  readonly #play = el("button", { id: "play", type: "button", class: "primary" }, "Play");
  readonly #friends = el("button", { id: "friends", type: "button" }, "Play with friends");
  readonly #watch = el("button", { id: "watch", type: "button" }, "Watch");
  readonly #code = el("input", {
    id: "party-code",
    type: "text",
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    maxlength: "200",
    required: "",
    placeholder: "ABCD-EFGH",
  });
  readonly #join = el(
    "form",
    { class: "join" },
    el("label", { for: "party-code" }, "Have a code?"),
    this.#code,
    el("button", { id: "join", type: "submit" }, "Join"),
  );
  readonly #others = el("div", { class: "choice-others" }, this.#friends, this.#watch);
  readonly #choice = el("div", { class: "choice" }, this.#play, this.#others, this.#join);
  readonly #party: PartyCard;
  readonly #waiting: WaitingLine;
  readonly element: HTMLElement;

  constructor(actions: Actions) {
    this.#party = new PartyCard(
      () => actions.play(),
      () => actions.leaveParty(),
    );
    this.#waiting = new WaitingLine(() => actions.cancel());
    this.#play.addEventListener("click", () => actions.play());
    this.#friends.addEventListener("click", () => actions.makeParty());
    this.#watch.addEventListener("click", () => actions.watch());
    this.#join.addEventListener("submit", (event) => {
      event.preventDefault();
      actions.join(typedCode(this.#code.value));
    });
    const { element: party } = this.#party;
    this.element = el("div", { class: "lobby" }, this.#choice, party, this.#waiting.element);
  }

  show({ standing, asking }: Stand, { isOff, mayPlayAgain, isBack }: Around): void {
    const { player, party, seat } = standing;
    const isWaiting = asking !== null;
    const isChoice = !isWaiting && party === null && (isOff || mayPlayAgain);
    const isParty = !isWaiting && party !== null && isOff;
    this.#choice.hidden = !isChoice;
    this.#others.hidden = !isOff;
    // Whoever has no name yet has enough to choose from.
    this.#watch.hidden = player === null;
    this.#join.hidden = !isOff || player === null;
    const label = isOff && seat?.taken ? "Play here" : isBack ? "Play again" : "Play";
    say(this.#play, label);
    if (party !== null) {
      this.#party.show(party, player?.player ?? "", seat?.taken === true);
      this.#code.value = "";
    }
    this.#party.element.hidden = !isParty;
    this.#waiting.show(asking);
    this.element.hidden = !isChoice && !isParty && !isWaiting;
  }

  /** Puts the focus on what is most likely wanted. Whether there is anything. */
  focus(): boolean {
    const all = [this.#waiting.cancel, this.#party.play, this.#play];
    const one = all.find((button) => button.closest("[hidden]") === null);
    one?.focus({ preventScroll: true });
    return one !== undefined;
  }

  /** Time has passed. */
  passed(time: number): void {
    this.#waiting.passed(time);
  }
}
