import { expect, test } from "vitest";
import { type Answer, Api } from "./api";

/** An API whose every call is answered by `reply`, and what it told of them. */
function api(reply: (path: string, request?: RequestInit) => Response) {
  const seen: Answer<unknown>[] = [];
  const fetcher = async (path: unknown, request?: RequestInit) => reply(String(path), request);
  return { seen, api: new Api((answer) => seen.push(answer), fetcher as typeof fetch) };
}

function reply(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Response(status === 204 ? null : text, { status, headers });
}

const FROM_2 = { "x-replica": "webserver-2" };
const ADA = { name: "Ada", player: "0123456789abcdef" };

test("an answer comes with the call that brought it", async () => {
  const { api: a, seen } = api(() => reply(200, { ...ADA, replica: "webserver-2" }, FROM_2));
  const answer = await a.me({ automatic: true });
  expect(answer).toMatchObject({ ok: true, value: ADA });
  expect(answer.call).toMatchObject({
    method: "GET",
    path: "/api/me",
    status: 200,
    replica: "webserver-2",
    automatic: true,
  });
  expect(seen).toEqual([answer]);
});

test("a replica that knows nobody answers null", async () => {
  const { api: a } = api(() =>
    reply(200, { name: null, player: null, replica: "webserver-2" }, FROM_2),
  );
  expect(await a.me()).toMatchObject({ ok: true, value: null });
});

test("a log-in is posted as JSON", async () => {
  let sent: RequestInit | undefined;
  const { api: a } = api((_, request) => {
    sent = request;
    return reply(200, ADA, FROM_2);
  });
  await a.login("Ada");
  expect(sent).toMatchObject({ method: "POST", body: '{"name":"Ada"}' });
  expect(sent?.headers).toEqual({ "content-type": "application/json" });
});

test("no content is an answer too", async () => {
  const { api: a } = api(() => reply(204, "", FROM_2));
  expect(await a.logout()).toMatchObject({ ok: true, value: null });
});

test("an error brings the replica's word, a sentence for people, and when to come back", async () => {
  const headers = { ...FROM_2, "retry-after": "2" };
  const { api: a } = api(() =>
    reply(429, { code: "too_many_logins", error: "limit of 3 exceeded", status: 429 }, headers),
  );
  const answer = await a.login("Ada");
  expect(answer).toMatchObject({ ok: false, code: "too_many_logins", retryAfter: 2 });
  const error = "There were too many log-ins from here. Try again in 2 s.";
  expect(answer).toHaveProperty("error", error);
});

test("what a proxy says is no answer of a replica", async () => {
  const { api: a } = api(() => reply(404, "404 page not found"));
  const answer = await a.whoami();
  expect(answer).toMatchObject({ ok: false, call: { status: 404, replica: null } });
  expect(answer).toHaveProperty("error", expect.stringContaining("No replica answered"));
});

test("no network is an answer that failed, not an exception", async () => {
  const { api: a, seen } = api(() => {
    throw new TypeError("Failed to fetch");
  });
  expect(await a.whoami()).toMatchObject({ ok: false, call: { status: 0, replica: null } });
  expect(seen).toHaveLength(1);
});

test.each(["not JSON", '"a string"', "[]", "null", '{"name":7}', '{"name":"Ada"}'])(
  "%s is not understood",
  async (body) => {
    for (const status of [200, 500]) {
      const answer = await api(() => reply(status, body, FROM_2)).api.me();
      expect(answer).toMatchObject({ ok: false, call: { status, replica: "webserver-2" } });
      expect(answer).toHaveProperty("error", expect.stringContaining("cannot read"));
    }
  },
);
