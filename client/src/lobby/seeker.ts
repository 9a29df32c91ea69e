/**
 * The way from the wish to play to a seat: it asks a web server, goes to the game server, and begins again as long as that can help.
 * A person can end it at any moment.
 */

import type { Answer, Failure, LobbyApi } from "./api";
import { refusal } from "./sentences";
import type { Asking, Wish } from "./stand";
import type { Admission } from "./wire";

/** What a game server said to a ticket, or that it said nothing. */
export interface TurnedAway {
  /** The server's word for programs; null if it never said one. */
  code: string | null;
  retryAfter: number | null;
  /** In a sentence. */
  why: string;
}

export interface Events {
  changed(): void;
  /** There is a seat: somebody should go there. */
  enter(admission: Admission, role: "player" | "watcher"): void;
  /** It is no use to go on, because of `why`. */
  failed(why: string, code: string | null): void;
}

/** A web server that does not say how long to wait is asked again after this. In seconds. */
const AGAIN_S = 1;

/** Whoever waits in the line is forgotten there after five seconds without a word. In seconds. */
const MOST_S = 4;

/** So often somebody may be turned away by game servers: as long as the directory may believe in a dead one, and longer. */
const TURNS = 10;

/** What a game server says when another ticket will not be better. */
const HOPELESS = new Set(["bad_ticket", "another_server", "clock"]);

export class Seeker {
  readonly #api: LobbyApi;
  readonly #events: Events;
  readonly #now: () => number;
  #wish: Wish | null = null;
  #asking: Asking | null = null;
  /** Answers to what was asked in an earlier turn are about nothing any more. */
  #turn = 0;
  #turnedAway = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastCall: Promise<unknown> = Promise.resolve();

  constructor(api: LobbyApi, events: Events, now: () => number) {
    this.#api = api;
    this.#events = events;
    this.#now = now;
  }

  get asking(): Asking | null {
    return this.#asking;
  }

  start(wish: Wish): void {
    this.#stop();
    this.#wish = wish;
    this.#turnedAway = 0;
    this.#asking = { for: wish.for, since: this.#now(), reason: "" };
    this.#events.changed();
    void this.#ask(wish);
  }

  /** The person does not want it any more. What was given meanwhile is given back. */
  async cancel(): Promise<void> {
    if (this.#asking === null) return;
    const isSeat = this.#asking.for !== "watch";
    this.#stop();
    this.#events.changed();
    // A seat that is just being given would else be held for nobody.
    if (isSeat) await this.#alone(() => this.#api.giveUp());
  }

  /** The game server has let this page in. Says how long all of it took, in milliseconds; null if nobody asked for it. */
  arrived(): number | null {
    if (this.#asking === null) return null;
    const took = this.#now() - this.#asking.since;
    this.#stop();
    this.#events.changed();
    return took;
  }

  /** The game server did not let this page in. */
  turnedAway({ code, retryAfter, why }: TurnedAway): void {
    if (this.#asking === null) return;
    this.#turnedAway += 1;
    if (HOPELESS.has(code ?? "") || this.#turnedAway >= TURNS) this.#fail(why, code);
    else this.#later(retryAfter ?? AGAIN_S, why);
  }

  async #ask(wish: Wish): Promise<void> {
    const turn = this.#turn;
    const answer = await this.#alone<Answer<Admission> | null>(async () => {
      if (turn !== this.#turn) return null;
      if (wish.for === "watch") return this.#api.watch();
      return this.#api.play(wish.for === "party" ? wish.code : null);
    });
    if (answer === null || turn !== this.#turn) return;
    if (answer.ok) this.#events.enter(answer.value, wish.for === "watch" ? "watcher" : "player");
    else if (isPassing(answer)) this.#later(answer.retryAfter ?? AGAIN_S, refusal(answer));
    else this.#fail(refusal(answer), answer.code);
  }

  /** One call after the other: what gives a seat up must not overtake what asked for it. */
  #alone<T>(call: () => Promise<T>): Promise<T> {
    const made = this.#lastCall.then(call);
    this.#lastCall = made;
    return made;
  }

  #later(seconds: number, reason: string): void {
    if (this.#asking === null || this.#wish === null) return;
    const wish = this.#wish;
    this.#asking = { ...this.#asking, reason };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(wish), Math.min(seconds, MOST_S) * 1000);
    this.#events.changed();
  }

  #fail(why: string, code: string | null): void {
    this.#stop();
    this.#events.failed(why, code);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#wish = null;
    this.#asking = null;
  }
}

/** Whether it will be over by itself. */
function isPassing({ status }: Failure): boolean {
  return status === 0 || status === 429 || status >= 500;
}
