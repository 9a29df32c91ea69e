/** One WebSocket to a game server, through the network that the panel makes worse. When it breaks it is gone, and there may be another. */

import { type Lag, LaggedLine } from "./lag";

/** `readyState` of a WebSocket that takes frames. */
const OPEN = 1;

/** What comes of a line, which each of these is told with. */
export interface LineEvents {
  /** The server takes frames now. */
  opened(line: Line): void;
  heard(line: Line, data: string | ArrayBuffer): void;
  closed(line: Line, code: number): void;
}

type Incoming = "opened" | { data: string | ArrayBuffer } | { code: number };

export class Line {
  readonly #socket: WebSocket;
  readonly #events: LineEvents;
  readonly #incoming: LaggedLine<Incoming>;
  readonly #outgoing: LaggedLine<string | Uint8Array<ArrayBuffer>>;

  /** `socket` was made just now. `now` counts milliseconds; `chance` gives a number from 0 up to 1. */
  constructor(
    socket: WebSocket,
    events: LineEvents,
    lag: Lag,
    now: () => number,
    chance: () => number,
  ) {
    this.#socket = socket;
    this.#events = events;
    this.#incoming = new LaggedLine(lag, (incoming) => this.#arrived(incoming), now, chance);
    this.#outgoing = new LaggedLine(lag, (frame) => this.#write(frame), now, chance);
    socket.onopen = () => this.#incoming.push("opened", false);
    // A snapshot is followed by a newer one, so it may be lost.
    socket.onmessage = ({ data }) => this.#incoming.push({ data }, typeof data !== "string");
    socket.onclose = ({ code }) => this.#incoming.push({ code }, false);
  }

  /** Says what is said once. */
  say(frame: string): void {
    this.#outgoing.push(frame, false);
  }

  /** Says what the player does. The next input says so again. */
  input(frame: Uint8Array<ArrayBuffer>): void {
    this.#outgoing.push(frame, true);
  }

  /** Closes it, and lets nothing be heard of it any more. */
  close(): void {
    this.#incoming.clear();
    this.#outgoing.clear();
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
  }

  #arrived(incoming: Incoming): void {
    if (incoming === "opened") this.#events.opened(this);
    else if ("data" in incoming) this.#events.heard(this, incoming.data);
    else this.#events.closed(this, incoming.code);
  }

  #write(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(frame);
  }
}
