/** The calls of the lobby. They are no part of the panel's picture of the replicas, so they are made here and told to nobody. */

import { fields, string } from "../net/json";
import { type Result, result } from "./result";
import { type Admission, admission, fleet, type GameServer, type Standing, standing } from "./wire";

/** A replica that is silent for longer counts as away, unless whoever asks has less time. In milliseconds. */
const LIMIT_MS = 5000;

/** A call that brought nothing. */
export interface Failure {
  ok: false;
  /** The replica's word for programs; null if no replica said one. */
  code: string | null;
  /** The HTTP status; 0 if nothing came back. */
  status: number;
  /** Seconds after which it may be tried again; null if nobody said so. */
  retryAfter: number | null;
}

export type Answer<T> = { ok: true; value: T } | Failure;

export class LobbyApi {
  readonly #fetch: typeof fetch;
  readonly #limitMs: number;

  constructor(
    fetcher: typeof fetch = (...request) => fetch(...request),
    limitMs: number = LIMIT_MS,
  ) {
    this.#fetch = fetcher;
    this.#limitMs = limitMs;
  }

  /** Who sits here, in which party, and on which seat. */
  standing(): Promise<Answer<Standing>> {
    return this.#call("GET", "/api/lobby", standing);
  }

  fleet(): Promise<Answer<GameServer[]>> {
    return this.#call("GET", "/api/fleet", fleet);
  }

  /** What has come of a match, whether its server is still there or not. */
  result(match: string): Promise<Answer<Result>> {
    return this.#call("GET", `/api/results/${encodeURIComponent(match)}`, result);
  }

  /** Asks for a seat; with the code of a party for all of its members. */
  play(party: string | null): Promise<Answer<Admission>> {
    return this.#call("POST", "/api/play", admission, party === null ? {} : { party });
  }

  watch(): Promise<Answer<Admission>> {
    return this.#call("POST", "/api/watch", admission, {});
  }

  /** Gives the seat up, if there is one. */
  giveUp(): Promise<Answer<null>> {
    return this.#call("DELETE", "/api/play", () => null);
  }

  makeParty(): Promise<Answer<Standing>> {
    return this.#call("POST", "/api/party", standing, {});
  }

  /** `code` as somebody typed it: the servers know what may be written in another way. */
  join(code: string): Promise<Answer<Standing>> {
    return this.#call("POST", "/api/party/join", standing, { code });
  }

  leaveParty(): Promise<Answer<null>> {
    return this.#call("DELETE", "/api/party", () => null);
  }

  /** Never throws: what went wrong is in the answer. */
  async #call<T>(
    method: "GET" | "POST" | "DELETE",
    path: string,
    decode: (json: unknown) => T,
    body?: unknown,
  ): Promise<Answer<T>> {
    const request: RequestInit = {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(this.#limitMs),
    };
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers = { "content-type": "application/json" };
    }
    try {
      const response = await this.#fetch(path, request);
      return await interpret(response, decode);
    } catch {
      return { ok: false, code: null, status: 0, retryAfter: null };
    }
  }
}

async function interpret<T>(response: Response, decode: (json: unknown) => T): Promise<Answer<T>> {
  const { status, headers } = response;
  const seconds = Number.parseInt(headers.get("retry-after") ?? "", 10);
  const retryAfter = Number.isNaN(seconds) ? null : seconds;
  const text = await response.text();
  try {
    const json: unknown = text === "" ? null : JSON.parse(text);
    if (status < 400) return { ok: true, value: decode(json) };
    return { ok: false, code: string(fields(json), "code"), status, retryAfter };
  } catch {
    // A proxy says it in another form.
    return { ok: false, code: null, status, retryAfter };
  }
}
