/** The calls of the HTTP API. Each one, however it ends, is reported to whoever watches. */

import { fields, number, string } from "./json";
import { type Player, player } from "./player";
import { problemAndWait } from "./problems";

/** A replica that is silent for longer counts as away. In milliseconds. */
const LIMIT_MS = 5000;

/** One call as this page saw it. */
export interface Call {
  method: "GET" | "POST";
  path: string;
  /** The HTTP status; 0 if nothing came back. */
  status: number;
  /** Who answered; null if no replica did, whatever a proxy said in its place. */
  replica: string | null;
  ms: number;
  /** Whether the page called by itself, and not because a person wanted something. */
  automatic: boolean;
}

export type Answer<T> =
  | { ok: true; value: T; call: Call }
  | {
      ok: false;
      /** What went wrong, as the replica's word for programs; null if no replica said one. */
      code: string | null;
      /** The same in a sentence for people. */
      error: string;
      retryAfter: number | null;
      call: Call;
    };

/** What a replica says of itself. */
export interface WhoAmI {
  replica: string;
  version: string;
  startedAt: Date;
  served: number;
}

export interface Options {
  automatic?: boolean;
  body?: unknown;
}

export class Api {
  readonly #watch: (answer: Answer<unknown>) => void;
  readonly #fetch: typeof fetch;

  constructor(
    watch: (answer: Answer<unknown>) => void,
    fetcher: typeof fetch = (...request) => fetch(...request),
  ) {
    this.#watch = watch;
    this.#fetch = fetcher;
  }

  whoami(options: Options = {}): Promise<Answer<WhoAmI>> {
    return this.call("GET", "/api/whoami", whoAmI, options);
  }

  /** The player for whom the answering replica takes this browser; null if it knows nobody here. */
  me(options: Options = {}): Promise<Answer<Player | null>> {
    return this.call("GET", "/api/me", playerOrNull, options);
  }

  login(name: string): Promise<Answer<Player | null>> {
    return this.call("POST", "/api/login", playerOrNull, { body: { name } });
  }

  logout(): Promise<Answer<null>> {
    return this.call("POST", "/api/logout", () => null);
  }

  /** Makes one call. It never throws: what went wrong is in the answer. */
  async call<T>(
    method: Call["method"],
    path: string,
    decode: (json: unknown) => T,
    { automatic = false, body }: Options = {},
  ): Promise<Answer<T>> {
    const begun = performance.now();
    const reply = await this.#send(method, path, body);
    const call: Call = {
      method,
      path,
      status: reply?.status ?? 0,
      replica: reply?.replica ?? null,
      ms: performance.now() - begun,
      automatic,
    };
    const answer = interpret(call, reply, decode);
    this.#watch(answer);
    return answer;
  }

  async #send(method: string, path: string, body: unknown): Promise<Reply | null> {
    const request: RequestInit = {
      method,
      cache: "no-store",
      signal: AbortSignal.timeout(LIMIT_MS),
    };
    if (body !== undefined) {
      request.body = JSON.stringify(body);
      request.headers = { "content-type": "application/json" };
    }
    try {
      const response = await this.#fetch(path, request);
      return {
        status: response.status,
        replica: response.headers.get("x-replica"),
        retryAfter: response.headers.get("retry-after"),
        text: await response.text(),
      };
    } catch {
      return null;
    }
  }
}

interface Reply {
  status: number;
  replica: string | null;
  retryAfter: string | null;
  text: string;
}

function interpret<T>(call: Call, reply: Reply | null, decode: (json: unknown) => T): Answer<T> {
  const failed = (error: string): Answer<T> => {
    return { ok: false, code: null, retryAfter: null, error, call };
  };
  if (reply === null) return failed("Nothing answered.");
  const { replica, status } = reply;
  if (replica === null) {
    return failed(`No replica answered; the proxy in front of them said ${status}.`);
  }
  try {
    const json: unknown = reply.text === "" ? null : JSON.parse(reply.text);
    if (status < 400) return { ok: true, value: decode(json), call };
    const code = string(fields(json), "code");
    const seconds = Number.parseInt(reply.retryAfter ?? "", 10);
    const retryAfter = Number.isNaN(seconds) ? null : seconds;
    return { ok: false, code, retryAfter, error: problemAndWait(code, status, retryAfter), call };
  } catch {
    return failed(`${replica} answered ${status} with something that this page cannot read.`);
  }
}

function whoAmI(json: unknown): WhoAmI {
  const from = fields(json);
  return {
    replica: string(from, "replica"),
    version: string(from, "version"),
    startedAt: new Date(string(from, "started_at")),
    served: number(from, "requests_served"),
  };
}

function playerOrNull(json: unknown): Player | null {
  return fields(json).name === null ? null : player(json);
}
