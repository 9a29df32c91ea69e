/** One WebSocket that is always wanted: when it breaks, there is another, after a fitting wait. */

import { now } from "./clock";
import { delay } from "./backoff";
import { CLOSE_CODES, closed } from "./close-codes";
import { type Frame, ping, read } from "./frames";
import { Watchdog } from "./watchdog";

/** A connection that lasted this long was a good one. In milliseconds. */
const STEADY_MS = 5000;

/** So long may pass from a try to the welcome. What swallows requests says nothing, for ever. In milliseconds. */
const WELCOME_MS = 5000;

/** The code of a connection that broke without a word. */
const BROKEN = 1006;

/** The code of a connection whose login is over. */
const LOGIN_OVER = 4004;

export type Link =
  | { state: "off" }
  /** `why`: how the connection before ended; empty if there was none. */
  | { state: "connecting" | "waiting"; why: string }
  | { state: "open"; replica: string };

export interface Events {
  frame(frame: Frame): void;
  changed(link: Link): void;
  /** The login is over, or it is another player's. Finds out who sits here; until then there is no other connection. */
  askWhoSitsHere(): Promise<void>;
}

export class Connection {
  readonly #open: () => WebSocket;
  readonly #events: Events;
  readonly #chance: () => number;
  #player = "";
  #link: Link = { state: "off" };
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watchdog = new Watchdog(
    () => this.#socket?.send(ping()),
    () => this.#silent(),
  );
  #failures = 0;
  #welcomedAt = 0;
  #aliveUntil = 0;

  /** `open` makes a new WebSocket; `chance` gives a number from 0 up to 1. */
  constructor(open: () => WebSocket, events: Events, chance: () => number = Math.random) {
    this.#open = open;
    this.#events = events;
    this.#chance = chance;
  }

  get link(): Link {
    return this.#link;
  }

  /** Until when there was surely a connection, as `now` of `clock.ts` counts. What was said since may be missing. */
  get aliveUntil(): number {
    return this.#aliveUntil;
  }

  /**
   * Connects as `player`, by their id, and from then on connects again whenever the connection breaks. A connection that
   * turns out to be another player's is closed before anything is said over it.
   */
  start(player: string): void {
    if (this.#link.state !== "off") return;
    this.#player = player;
    this.#connect("");
  }

  /** Closes the connection, and stays away. */
  stop(): void {
    this.#letGo();
    this.#change({ state: "off" });
  }

  /** Begins anew, whatever it is doing: a person who asks for that has seen enough of how it is. */
  tryNow(): void {
    const { link } = this;
    if (link.state !== "off") this.#connect(link.state === "open" ? "" : link.why);
  }

  /**
   * Something happened after which connections are often dead, and others are likely to succeed: the network is back,
   * or the person is.
   */
  doubt(): void {
    if (this.#link.state === "waiting") this.tryNow();
    else if (this.#link.state === "open") this.#watchdog.doubt();
  }

  /** Gives up a connection that seems dead, though nothing has closed it. */
  abandon(why: string): void {
    if (this.#link.state === "open") this.#ended(BROKEN, why);
  }

  /** Hands a frame to the connection. Only while it is open. */
  send(frame: string): void {
    this.#socket?.send(frame);
  }

  #connect(why: string): void {
    this.#letGo();
    this.#change({ state: "connecting", why });
    const socket = this.#open();
    this.#socket = socket;
    this.#watchdog.expect(WELCOME_MS);
    socket.onmessage = ({ data }) => this.#heard(read(data));
    socket.onclose = ({ code }) => this.#closed(code);
  }

  #heard(frame: Frame | null): void {
    const open = this.#link.state === "open";
    // Even a frame that this page does not know is a sign of life. Before the welcome none counts.
    if (open || frame?.type === "welcome") {
      this.#watchdog.heard();
      this.#aliveUntil = now();
    }
    if (frame === null) return;
    if (frame.type === "welcome" && frame.player !== this.#player) {
      this.#ended(LOGIN_OVER, "Somebody else is logged in here now.");
      return;
    }
    if (frame.type === "welcome") {
      this.#welcomedAt = now();
      this.#change({ state: "open", replica: frame.replica });
    }
    this.#events.frame(frame);
  }

  #closed(code: number): void {
    if (this.#link.state === "open") this.#aliveUntil = now();
    this.#ended(code, null);
  }

  #silent(): void {
    const { link } = this;
    this.#ended(BROKEN, link.state === "open" ? `${link.replica} fell silent.` : null);
  }

  #ended(code: number, why: string | null): void {
    const replica = this.#link.state === "open" ? this.#link.replica : null;
    const steady = replica !== null && now() - this.#welcomedAt >= STEADY_MS;
    const before = this.#link.state === "connecting" ? this.#link.why : "";
    if (steady) this.#failures = 0;
    this.#letGo();
    const wait = delay(this.#failures, code, this.#chance());
    this.#failures += 1;
    // A try that failed without a word says less than what ended the connection before it.
    const wordless = replica === null && code === BROKEN;
    const reason = wordless && before !== "" ? before : closed(code, replica);
    const link: Link = { state: "waiting", why: why ?? reason };
    this.#change(link);
    const again = () => {
      // Meanwhile somebody may have tried already, or somebody else may have logged in.
      if (this.#link === link) this.#timer = setTimeout(() => this.tryNow(), wait);
    };
    if (CLOSE_CODES[code]?.retry === "after asking") this.#events.askWhoSitsHere().then(again);
    else again();
  }

  #letGo(): void {
    clearTimeout(this.#timer);
    this.#watchdog.stop();
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #change(link: Link): void {
    this.#link = link;
    this.#events.changed(link);
  }
}
