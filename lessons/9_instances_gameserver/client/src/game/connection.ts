/**
 * One WebSocket to a game server, through the network that the slider makes worse. It is opened when a person wants to play or to watch, and
 * when it breaks it is gone: a ticket is good for one.
 */

import { type Lag, LaggedLine } from "./lag";
import { enter, ping, read, type ServerFrame } from "./wire";

/** From one ping to the next. In milliseconds. */
const PING_MS = 1000;

/** A server that says nothing for so long, though it is asked each second, is gone. In milliseconds. */
const SILENT_MS = 5000;

/** The close code of a connection that broke without a word. */
const BROKEN = 1006;

/** `readyState` of a WebSocket that takes frames. */
const OPEN = 1;

export interface Events {
  frame(frame: ServerFrame): void;
  snapshot(bytes: ArrayBuffer): void;
  /** It is over. `code`: the close code. `silent`: this page gave up, because nothing was heard any more. */
  ended(code: number, silent: boolean): void;
  /** Whether nobody sees this page now. */
  hidden(): boolean;
}

type Incoming = { text: string } | { bytes: ArrayBuffer } | { code: number };

export class GameConnection {
  readonly #open: (path: string) => WebSocket;
  readonly #events: Events;
  readonly #now: () => number;
  readonly #incoming: LaggedLine<Incoming>;
  readonly #outgoing: LaggedLine<string | Uint8Array<ArrayBuffer>>;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #socket: WebSocket | null = null;
  #pings: ReturnType<typeof setInterval> | undefined;
  #roundTripMs: number | null = null;

  /**
   * `open` makes a WebSocket to a path of this page's host, whose binary frames are array buffers. `now` counts milliseconds; `chance` gives
   * a number from 0 up to 1.
   */
  constructor(
    open: (path: string) => WebSocket,
    events: Events,
    lag: Lag,
    now: () => number,
    chance: () => number = Math.random,
  ) {
    this.#open = open;
    this.#events = events;
    this.#now = now;
    this.#incoming = new LaggedLine(lag, (incoming) => this.#heard(incoming), now, chance);
    this.#outgoing = new LaggedLine(lag, (frame) => this.#write(frame), now, chance);
  }

  /** How long the last ping took, there and back, in milliseconds; null as long as there was none. */
  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  get active(): boolean {
    return this.#socket !== null;
  }

  /** Opens a WebSocket at `path`, and shows `ticket` there. */
  start(path: string, ticket: string): void {
    this.stop();
    const socket = this.#open(path);
    this.#socket = socket;
    this.#expectWord();
    socket.onopen = () => {
      this.#outgoing.push(enter(ticket), false);
      this.#ping();
      this.#pings = setInterval(() => this.#ping(), PING_MS);
    };
    socket.onmessage = ({ data }) => {
      this.#expectWord();
      // A snapshot is followed by a newer one, so it may be lost.
      if (typeof data === "string") this.#incoming.push({ text: data }, false);
      else this.#incoming.push({ bytes: data }, true);
    };
    socket.onclose = ({ code }) => this.#incoming.push({ code }, false);
  }

  /** Says what the player does. */
  input(frame: Uint8Array<ArrayBuffer>): void {
    this.#outgoing.push(frame, true);
  }

  /** Closes the connection, and hears nothing of it any more. */
  stop(): void {
    clearTimeout(this.#silence);
    clearInterval(this.#pings);
    this.#incoming.clear();
    this.#outgoing.clear();
    this.#roundTripMs = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #ping(): void {
    this.#outgoing.push(ping(Math.round(this.#now())), false);
  }

  #write(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(frame);
  }

  #heard(incoming: Incoming): void {
    if ("code" in incoming) this.#ended(incoming.code, false);
    else if ("bytes" in incoming) this.#events.snapshot(incoming.bytes);
    else {
      const frame = read(incoming.text);
      if (frame?.type === "pong") this.#roundTripMs = Math.max(0, this.#now() - frame.at);
      else if (frame !== null) this.#events.frame(frame);
    }
  }

  #expectWord(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#silent(), SILENT_MS);
  }

  #silent(): void {
    // In a page that nobody sees the pings wait, and then there may be nothing to hear.
    if (this.#events.hidden()) this.#expectWord();
    else this.#ended(BROKEN, true);
  }

  #ended(code: number, silent: boolean): void {
    this.stop();
    this.#events.ended(code, silent);
  }
}
