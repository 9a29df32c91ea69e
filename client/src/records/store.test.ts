import { expect, test } from "vitest";
import { MOST, RecordStore } from "./store";

/** A store that answers all questions with `reply`, and what it was asked. */
function store(reply: () => Response) {
  const asked: string[] = [];
  const fetcher = async (path: unknown) => {
    asked.push(String(path));
    return reply();
  };
  return { asked, store: new RecordStore(fetcher as typeof fetch) };
}

const line = (second: number, more: object = {}) =>
  JSON.stringify({ _time: `2026-11-27T12:00:0${second}Z`, ...more });

test("a question is sent as it is, and not more than so many records are asked for", async () => {
  const { asked, store: s } = store(() => new Response(""));
  expect(await s.find('a:="b" or *&limit=9')).toEqual({ ok: true, records: [], isCut: false });
  const url = new URL(asked[0] ?? "", "http://webserver.localhost");
  expect(url.pathname).toBe("/records");
  expect([...url.searchParams]).toEqual([
    ["query", 'a:="b" or *&limit=9'],
    ["limit", "200"],
  ]);
});

test("lines come in any order, and what cannot be read is passed over", async () => {
  const lines = [line(2, { _msg: "b" }), "not JSON", line(1, { _msg: "a" }), ""];
  const found = await store(() => new Response(lines.join("\n"))).store.find("q");
  expect(found).toMatchObject({ ok: true, isCut: false });
  expect(found.ok && found.records.map(({ sentence }) => sentence)).toEqual(["a", "b"]);
});

test("a page in the store's place, an error, and no answer are no store", async () => {
  const away = { ok: false };
  expect(await store(() => new Response("<!doctype html>\n")).store.find("q")).toEqual(away);
  expect(await store(() => new Response("", { status: 504 })).store.find("q")).toEqual(away);
  const silent = store(() => {
    throw new TypeError("Failed to fetch");
  });
  expect(await silent.store.find("q")).toEqual(away);
});

test("a record that was sent again and again is shown once", async () => {
  const lines = Array.from({ length: 11 }, () => line(1, { _msg: "a" }));
  const found = await store(() => new Response([...lines, line(2)].join("\n"))).store.find("q");
  expect(found.ok && found.records.map(({ sentence }) => sentence)).toEqual(["a", "(no words)"]);
});

test("too many records, or too large ones, are told to be more", async () => {
  const many = Array.from({ length: 1000 }, (_, at) => line(1, { at: String(at) })).join("\n");
  const found = await store(() => new Response(many)).store.find("q");
  expect(found).toMatchObject({ ok: true, isCut: true });
  expect(found.ok && found.records).toHaveLength(MOST);
  const text = "x".repeat(300_000);
  const large = Array.from({ length: 10 }, (_, at) => line(1, { _msg: text + at })).join("\n");
  const part = await store(() => new Response(large)).store.find("q");
  expect(part).toMatchObject({ ok: true, isCut: true });
  expect(part.ok && part.records.length).toBeLessThan(10);
});

test("an answer without an end is not read to its end", async () => {
  const piece = new TextEncoder().encode(`${line(1)}\n`.repeat(1000));
  let pieces = 0;
  const endless = new ReadableStream({
    pull(controller) {
      pieces += 1;
      controller.enqueue(piece);
    },
  });
  const found = await store(() => new Response(endless)).store.find("q");
  expect(found).toMatchObject({ ok: true, isCut: true });
  expect(pieces * piece.length).toBeLessThan(2_000_000);
});
