import { afterEach, expect, test, vi } from "vitest";
import { Api } from "./api";
import { type Heard, hear } from "./fetch";

afterEach(() => {
  vi.unstubAllGlobals();
  hear(() => {});
});

/** What is heard of the calls of this page while every one of them is answered by `reply`. */
function hearing(reply: () => Response): Heard[] {
  const heard: Heard[] = [];
  hear((answer) => heard.push(answer));
  vi.stubGlobal("fetch", async () => reply());
  return heard;
}

test("each answer is heard of, with the id that the server gave to the request", async () => {
  const headers = { "x-replica": "webserver-2", "x-request-id": "0a1b" };
  const heard = hearing(() => new Response('{"name":null}', { headers }));
  const answer = await new Api(() => {}).me();
  expect(answer).toMatchObject({ ok: true, value: null });
  expect(heard).toEqual([
    {
      method: "GET",
      path: "/api/me",
      status: 200,
      replica: "webserver-2",
      requestId: "0a1b",
      ms: expect.any(Number),
    },
  ]);
});

test("an answer of a proxy has no id, and is heard of, too", async () => {
  const heard = hearing(() => new Response("Bad Gateway", { status: 502 }));
  await new Api(() => {}).logout();
  expect(heard).toMatchObject([{ method: "POST", status: 502, replica: null, requestId: null }]);
});

test("where nothing comes back, nothing is heard, and the call says so as before", async () => {
  const heard = hearing(() => {
    throw new TypeError("Failed to fetch");
  });
  expect(await new Api(() => {}).me()).toMatchObject({ ok: false, call: { status: 0 } });
  expect(heard).toEqual([]);
});
