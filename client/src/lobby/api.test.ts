import { expect, test } from "vitest";
import { LobbyApi } from "./api";

/** An API whose every call is answered by `reply`, and the requests that it made. */
function api(reply: () => Response) {
  const requests: RequestInit[] = [];
  const fetcher = async (_: unknown, request: RequestInit = {}) => {
    requests.push(request);
    return reply();
  };
  return { requests, api: new LobbyApi(fetcher as typeof fetch) };
}

const json = (body: unknown, init: ResponseInit = {}) => new Response(JSON.stringify(body), init);

test("what the servers know of this player is read whole", async () => {
  const player = { player: "0123", name: "Ada" };
  const party = { code: "ABCD-EFGH", members: [player], size: 8 };
  const seat = { server: "gs-1", match: "m", seat: 0, taken: true, moving: true };
  const { api: a } = api(() => json({ player, party, seat, rules: 1 }));
  expect(await a.standing()).toEqual({ ok: true, value: { player, party, seat, rules: 1 } });
  const nobody = { player: null, party: null, seat: null, rules: null };
  expect(await api(() => json(nobody)).api.standing()).toEqual({ ok: true, value: nobody });
});

test("a seat is asked for as JSON, for one or for a party", async () => {
  const ticket = { server: "gs-1", match: "m", seat: null, path: "/game/gs-1/ws", ticket: "a.b.c" };
  const { api: a, requests } = api(() => json({ ...ticket, hold_ms: 15_000 }));
  expect(await a.play(null)).toEqual({ ok: true, value: ticket });
  await a.play("ABCD-EFGH");
  expect(requests.map(({ body }) => body)).toEqual(["{}", '{"party":"ABCD-EFGH"}']);
  expect(requests[0]).toMatchObject({ method: "POST", cache: "no-store" });
});

test("to give something up is a DELETE, which has no content", async () => {
  const { api: a, requests } = api(() => new Response(null, { status: 204 }));
  expect(await a.giveUp()).toEqual({ ok: true, value: null });
  expect(requests[0]).toMatchObject({ method: "DELETE" });
});

test("a refusal has the servers' word, and when to come back", async () => {
  const headers = { "retry-after": "2" };
  const full = () => json({ error: "…", code: "full" }, { status: 503, headers });
  const failure = { ok: false, code: "full", status: 503, retryAfter: 2 };
  expect(await api(full).api.play(null)).toEqual(failure);
});

test("game servers are read, and what is none is not", async () => {
  const server = { server: "gs-1", state: "ready", matches: 0, capacity: 50, seats: 8, players: 0 };
  expect(await api(() => json({ servers: [server] })).api.fleet()).toEqual({
    ok: true,
    value: [server],
  });
  const broken = await api(() => json({ servers: [{}] })).api.fleet();
  expect(broken).toEqual({ ok: false, code: null, status: 200, retryAfter: null });
});

test("neither a proxy's page nor silence is more than a failure", async () => {
  const proxy = await api(() => new Response("Bad Gateway", { status: 502 })).api.standing();
  expect(proxy).toEqual({ ok: false, code: null, status: 502, retryAfter: null });
  const silent = await api(() => {
    throw new TypeError("Failed to fetch");
  }).api.standing();
  expect(silent).toEqual({ ok: false, code: null, status: 0, retryAfter: null });
});
