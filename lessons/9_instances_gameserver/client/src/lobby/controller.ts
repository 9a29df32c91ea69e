/**
 * What the lobby does: it makes and leaves parties, looks for seats, and hears from the web servers how all of that stands. They alone know;
 * what is kept here is their last answer. How it looks is the view's concern; nothing here knows the DOM.
 */

import type { Answer, LobbyApi } from "./api";
import { Poll } from "./poll";
import { Seeker, type TurnedAway } from "./seeker";
import { DISSOLVED, LOG_IN, refusal } from "./sentences";
import type { Stand } from "./stand";
import type { Admission, Party, Standing } from "./wire";

/** What the page does for the lobby. */
export interface Page {
  /** Something is to be shown. */
  changed(): void;
  /** Goes to a match. `arrived` or `turnedAway` of the controller is the answer. */
  enter(admission: Admission, role: "player" | "watcher"): void;
  /** Leads the person to where they log in. */
  logIn(): void;
  /** The code in the address of this page is used up. */
  codeUsed(): void;
  /** Whether nobody sees this page. */
  hidden(): boolean;
}

/** So many questions without an answer make what is known old. */
const OLD_AFTER = 3;

/** What ends something must arrive: so often it is tried, with this pause. In milliseconds. */
const [TRIES, PAUSE_MS] = [6, 500];

export class LobbyController {
  readonly #api: LobbyApi;
  readonly #page: Page;
  readonly #seeker: Seeker;
  readonly #poll: Poll;
  #standing: Standing = { player: null, party: null, seat: null };
  #note = "";
  #pendingCode: string | null;
  #unanswered = 0;
  /** Answers to what was asked before the last deed are about what was before it. */
  #era = 0;
  /** Deeds under way, during which nobody can tell whether an answer is from before or after them. */
  #deeds = 0;
  #busy = false;
  #leaving: Promise<void> = Promise.resolve();
  #mattered = false;
  #inMatch = false;
  /** The match to which this page was last admitted. */
  #admitted = "";
  /** A match to which nobody here is led any more. */
  #left = "";
  /** A seat in a match that a hidden page has seen once. */
  #seen = "";

  /** `code`: that of a party to join at once, if the page was opened with one. */
  constructor(api: LobbyApi, page: Page, code: string | null, now: () => number) {
    this.#api = api;
    this.#page = page;
    this.#pendingCode = code;
    const events = {
      changed: () => this.#changed(),
      enter: (admission: Admission, role: "player" | "watcher") => {
        this.#admitted = admission.match;
        this.#inMatch = false;
        page.enter(admission, role);
      },
      failed: (why: string, code: string | null) => this.#failed(why, code),
    };
    this.#seeker = new Seeker(api, events, now);
    const hidden = () => page.hidden();
    this.#poll = new Poll(
      () => this.#look(),
      () => this.#matters(),
      hidden,
    );
  }

  get stand(): Stand {
    const { asking } = this.#seeker;
    return {
      standing: this.#standing,
      asking,
      note: this.#note,
      pendingCode: this.#pendingCode,
      isOld: this.#unanswered >= OLD_AFTER,
    };
  }

  /** Finds out how it stands: somebody has opened this page, or come back to it. */
  async look(): Promise<void> {
    await this.#poll.now();
  }

  stop(): void {
    this.#poll.stop();
  }

  /** Somebody has followed a link to a party, on a page that was open already. */
  async follow(code: string): Promise<void> {
    this.#pendingCode = code;
    await this.look();
  }

  /** Alone; or with all of the party, if there is one. */
  play(): void {
    this.#note = "";
    this.#left = "";
    const { party } = this.#standing;
    this.#seeker.start(party === null ? { for: "alone" } : { for: "party", code: party.code });
  }

  watch(): void {
    this.#note = "";
    this.#seeker.start({ for: "watch" });
  }

  async cancel(): Promise<void> {
    this.#left = this.#standing.seat?.match ?? "";
    await this.#deed(() => this.#seeker.cancel());
  }

  /** This page has left the match of this id, and gives its seat up. */
  async leave(match: string): Promise<void> {
    this.#left = match;
    this.#inMatch = false;
    this.#changed();
    await this.#deed(() => this.#insist(() => this.#api.giveUp()));
  }

  async makeParty(): Promise<void> {
    await this.#once(() => this.#api.makeParty());
  }

  async join(code: string): Promise<void> {
    await this.#once(() => this.#api.join(code));
  }

  async leaveParty(): Promise<void> {
    // The person sees at once what they did, and the servers hear of it as soon as they can.
    this.#note = "";
    this.#learned({ ...this.#standing, party: null }, true);
    await this.#deed(async () => {
      await this.#seeker.cancel();
      await this.#insist(() => this.#api.leaveParty());
    });
  }

  /** The game server has let this page in. Says how long that took, in milliseconds; null if nobody asked for it. */
  arrived(): number | null {
    this.#inMatch = true;
    return this.#seeker.arrived();
  }

  turnedAway(by: TurnedAway): void {
    this.#seeker.turnedAway(by);
  }

  /** This page is in no match any more, because of `why`. */
  over(why: string): void {
    this.#inMatch = false;
    this.#note = why;
    this.#changed();
    void this.look();
  }

  async #look(): Promise<void> {
    const era = this.#era;
    const answer = await this.#api.standing();
    this.#unanswered = answer.ok ? 0 : this.#unanswered + 1;
    if (!answer.ok) this.#changed();
    if (era !== this.#era || this.#deeds > 0 || !answer.ok) return;
    this.#learned(answer.value, false);
    await this.#joinPending();
    this.#follow();
  }

  /** `ours`: whether it comes of what was done here. */
  #learned(standing: Standing, ours: boolean): void {
    const before = this.#standing;
    this.#standing = standing;
    const { player, party } = standing;
    if (player !== null && this.#note === LOG_IN) this.#note = "";
    const isSame = before.player?.player === player?.player;
    if (before.player !== null && !isSame) {
      void this.#seeker.cancel();
      this.#note = "";
    } else if (party !== null && !haveSameMembers(before.party, party)) this.#note = "";
    else if (party === null && before.party !== null && !ours && !this.#inMatch) {
      if (this.#note === "") this.#note = DISSOLVED;
    }
    this.#changed();
  }

  /** The page was opened with a code. */
  async #joinPending(): Promise<void> {
    const code = this.#pendingCode;
    if (code === null || this.#standing.player === null) return;
    const answer = await this.#once(() => this.#api.join(code));
    if (answer === null || isAway(answer)) return;
    this.#pendingCode = null;
    this.#page.codeUsed();
    this.#changed();
  }

  /** Somebody of the party has begun, so there is a seat for this page's player, too. */
  #follow(): void {
    const { party, seat } = this.#standing;
    const isMine = party !== null && seat !== null && !seat.taken && seat.match !== this.#left;
    if (!isMine || this.#inMatch || this.#seeker.asking !== null) return;
    // Of two pages of one player, the one that is seen goes first.
    const isFirst = this.#seen !== seat.match;
    this.#seen = seat.match;
    if (isFirst && this.#page.hidden()) return;
    this.#note = "";
    this.#seeker.start({ for: "party", code: party.code });
  }

  #failed(why: string, code: string | null): void {
    // Else the page would be led to the same seat again, and fail again.
    this.#left = this.#admitted;
    this.#refused(why, code);
    void this.look();
  }

  #refused(why: string, code: string | null): void {
    this.#note = why;
    if (code === "unauthorized") {
      this.#note = LOG_IN;
      this.#page.logIn();
    }
    this.#changed();
  }

  /** Does something with the party. One thing at a time: a second press while the first is under way does nothing. */
  async #once(act: () => Promise<Answer<Standing>>): Promise<Answer<Standing> | null> {
    if (this.#busy) return null;
    this.#busy = true;
    this.#deeds += 1;
    // Who leaves a party and makes another at once must not leave that one.
    await this.#leaving;
    const answer = await act();
    this.#busy = false;
    this.#deeds -= 1;
    this.#era += 1;
    this.#note = "";
    if (answer.ok) this.#learned(answer.value, true);
    else this.#refused(refusal(answer), answer.code);
    return answer;
  }

  /** Leaves something, one after the other, and asks what holds then. */
  async #deed(act: () => Promise<void>): Promise<void> {
    this.#deeds += 1;
    this.#leaving = this.#leaving.then(act);
    await this.#leaving;
    this.#deeds -= 1;
    this.#era += 1;
    await this.#poll.now();
  }

  /** Tries until there is an answer: whoever wants to leave must not be kept by a replica that just went away. */
  async #insist(act: () => Promise<Answer<null>>): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      if (!isAway(await act())) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  #matters(): boolean {
    const { party, seat } = this.#standing;
    const isWaiting = this.#pendingCode !== null || this.#note === LOG_IN;
    return party !== null || seat !== null || this.#seeker.asking !== null || isWaiting;
  }

  #changed(): void {
    const mattered = this.#mattered;
    this.#mattered = this.#matters();
    if (this.#mattered !== mattered) this.#poll.plan();
    this.#page.changed();
  }
}

function haveSameMembers(one: Party | null, other: Party): boolean {
  const ids = ({ members }: Party) => members.map(({ player }) => player).join();
  return one !== null && ids(one) === ids(other);
}

/** Whether nobody has decided anything, so that it can be tried again. */
function isAway(answer: Answer<unknown>): boolean {
  return !answer.ok && (answer.status === 0 || answer.status >= 500);
}
