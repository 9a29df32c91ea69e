/** A game server for tests: the part of a WebSocket that a connection uses, played by the test, and snapshots to send over it. */

import { DIRECTIONS } from "./rules/directions";
import { MAX_RADIUS, UNITS } from "./rules/state";

export class FakeGameSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readyState = 0;
  /** JSON texts as objects, and inputs as bytes. */
  readonly texts: { type: string; at?: number; ticket?: string }[] = [];
  readonly inputs: number[][] = [];
  closed = false;

  send(frame: string | Uint8Array): void {
    if (typeof frame === "string") this.texts.push(JSON.parse(frame));
    else this.inputs.push([...frame]);
  }

  close(): void {
    this.closed = true;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  receive(frame: object | ArrayBuffer): void {
    const isBinary = frame instanceof ArrayBuffer;
    this.onmessage?.({ data: isBinary ? frame : JSON.stringify(frame) });
  }

  /** The server closes. */
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** Makes sockets, and keeps them for the test. */
export class FakeGameSockets {
  readonly opened: FakeGameSocket[] = [];
  readonly paths: string[] = [];

  open(path: string): WebSocket {
    this.paths.push(path);
    const socket = new FakeGameSocket();
    this.opened.push(socket);
    return socket as unknown as WebSocket;
  }

  /** The one that was opened last. */
  get last(): FakeGameSocket {
    const socket = this.opened.at(-1);
    if (!socket) throw new Error("nothing was opened");
    return socket;
  }
}

/** A goat for a snapshot. Places in pixels. */
export interface FakeGoat {
  x: number;
  y: number;
  lives: number;
  ticksLeft?: number;
  fainted?: number;
  force?: number;
}

/** The bytes of a snapshot. */
export function snapshot(match: number, tick: number, goats: readonly FakeGoat[]): ArrayBuffer {
  const bytes = new ArrayBuffer(10 + 14 * goats.length);
  const view = new DataView(bytes);
  view.setUint8(0, 2);
  view.setUint16(1, match, true);
  view.setUint32(3, tick, true);
  view.setUint16(7, MAX_RADIUS, true);
  view.setUint8(9, goats.length);
  for (const [seat, goat] of goats.entries()) {
    const { x, y, lives, ticksLeft = 0, fainted = 0, force = 0 } = goat;
    const at = 10 + 14 * seat;
    view.setInt16(at, x * UNITS, true);
    view.setInt16(at + 2, y * UNITS, true);
    view.setUint8(at + 8, lives * DIRECTIONS);
    view.setUint8(at + 10, force > 0 ? 1 + force * 8 : 0);
    view.setUint8(at + 11, ticksLeft > 0 ? 128 + ticksLeft : fainted);
  }
  return bytes;
}

/** Two goats that stand apart from each other, with all lives. */
export const TWO: readonly FakeGoat[] = [
  { x: -80, y: 0, lives: 3 },
  { x: 80, y: 0, lives: 3 },
];
