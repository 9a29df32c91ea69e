/** Web servers for tests: they know one player, and answer as the test wants. */

import { LobbyApi } from "./api";
import type { Page } from "./controller";
import { Memory } from "./memory";
import type { Admission } from "./wire";

export const ADA = { player: "ada", name: "Ada" };
export const BOB = { player: "bob", name: "Bob" };

export const TICKET = {
  server: "gs-1",
  match: "m1",
  seat: 3,
  path: "/game/gs-1/ws",
  ticket: "a.b.c",
  hold_ms: 15_000,
};

/** An error as the servers send it. */
export interface Refusal {
  status: number;
  code: string;
  retryAfter?: number;
}

export class FakeLobby {
  /** `METHOD /path`, with the body where there is one. */
  readonly calls: string[] = [];
  player: object | null = ADA;
  party: { code: string; members: object[]; size: number } | null = null;
  seat: { server: string; match: string; seat: number; taken: boolean; moving?: boolean } | null =
    null;
  /** Where a ticket leads. */
  admission: Admission & { hold_ms: number } = TICKET;
  rules = 1;
  /** What has come of the match `m1`; null as long as it is not over. */
  result: object | null = null;
  /** What goes wrong with a call, by `METHOD /path`: an error, or `away`, which is no answer at all. */
  readonly troubles = new Map<string, Refusal | "away">();
  /** A call waits for this before it is answered. */
  hold: Promise<void> | null = null;

  readonly api = new LobbyApi(((path: string, request?: RequestInit) =>
    this.#answer(path, request)) as typeof fetch);

  count(call: string): number {
    return this.calls.filter((one) => one.startsWith(call)).length;
  }

  async #answer(path: string, request?: RequestInit): Promise<Response> {
    const call = `${request?.method} ${path}`;
    this.calls.push(typeof request?.body === "string" ? `${call} ${request.body}` : call);
    // The state is that of when the call came.
    const reply = this.#reply(call);
    if (this.hold !== null) await this.hold;
    return reply;
  }

  #reply(call: string): Response {
    const trouble = this.troubles.get(call);
    if (trouble === "away") throw new TypeError("Failed to fetch");
    if (trouble) {
      const { status, code, retryAfter } = trouble;
      const headers = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
      return new Response(JSON.stringify({ error: "…", code }), { status, headers });
    }
    switch (call) {
      case "POST /api/play":
        // Whoever asks again gets the same seat.
        this.seat ??= { server: "gs-1", match: "m1", seat: 3, taken: false };
        return json(this.admission);
      case "POST /api/watch":
        return json({ ...TICKET, seat: null });
      case "DELETE /api/play":
        this.seat = null;
        return new Response(null, { status: 204 });
      case "POST /api/party":
      case "POST /api/party/join":
        this.party ??= { code: "ABCD-EFGH", members: [ADA], size: 8 };
        return json(this.#standing());
      case "DELETE /api/party":
        this.party = null;
        return new Response(null, { status: 204 });
      case "GET /api/lobby":
        return json(this.#standing());
      case "GET /api/results/m1":
        if (this.result !== null) return json(this.result);
        return new Response(JSON.stringify({ error: "…", code: "not_over" }), { status: 404 });
      default:
        return new Response("404 page not found", { status: 404 });
    }
  }

  #standing(): object {
    const { player, party, seat, rules } = this;
    return { player, party, seat, rules };
  }
}

/** A page for tests, which remembers what it was told to do. */
export class FakePage implements Page {
  readonly entered: [string, "player" | "watcher"][] = [];
  readonly done: string[] = [];
  isHidden = false;

  changed(): void {}

  enter({ ticket }: Admission, role: "player" | "watcher"): void {
    this.entered.push([ticket, role]);
  }

  logIn(): void {
    this.done.push("log in");
  }

  codeUsed(): void {
    this.done.push("code used");
  }

  loadAnew(): void {
    this.done.push("load anew");
  }

  hidden(): boolean {
    return this.isHidden;
  }
}

/** What a tab remembers, for tests. */
export function fakeMemory(): Memory {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
  return new Memory(() => storage as unknown as Storage);
}

function json(body: object): Response {
  return new Response(JSON.stringify(body));
}
