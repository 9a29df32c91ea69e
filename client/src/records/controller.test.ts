import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecordsController, type Stand } from "./controller";
import { RecordStore } from "./store";

const TRAEFIK = {
  _time: "2026-11-27T12:00:01.2Z",
  "service.name": "traefik",
  "downstream_X-Request-Id": "r",
  Duration: "312000000",
};
const REPLICA = {
  _time: "2026-11-27T12:00:01.1Z",
  "service.instance.id": "webserver-2",
  request_id: "r",
  duration_ms: "311",
  sessions_ms: "301",
};
const OTHER = { _time: "2026-11-27T12:00:01.3Z", "service.instance.id": "gs-1", trace_id: "t" };

let stand: Stand;
let notes: string[];
let asked: string[];
let answer: (query: string) => object[] | "away";
let controller: RecordsController;

beforeEach(() => {
  vi.useFakeTimers();
  [notes, asked] = [[], []];
  const fetcher = async (path: string) => {
    const query = new URLSearchParams(path.split("?")[1]).get("query") ?? "";
    asked.push(query);
    const records = answer(query);
    if (records === "away") throw new TypeError("Failed to fetch");
    return new Response(records.map((one) => JSON.stringify(one)).join("\n"));
  };
  controller = new RecordsController(new RecordStore(fetcher as typeof fetch), (news) => {
    stand = news;
    notes.push(news.note);
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test("what is found is shown in order, and told in words", async () => {
  answer = () => [TRAEFIK, REPLICA];
  await controller.find("  r \n");
  expect(asked).toHaveLength(1);
  expect(stand).toMatchObject({ id: "r", isAsking: false, note: "2 records.", problem: "" });
  expect(stand.records.map(({ who }) => who)).toEqual(["webserver-2", "Traefik"]);
  expect(stand.summary).toContain("301 of them waiting for the sessions' Redis");
});

test("what is no id is asked for nowhere", async () => {
  answer = () => [];
  for (const typed of ["", "a b", 'r" or *', "x".repeat(65)]) {
    await controller.find(typed);
    expect(stand.problem).toContain("This is no id");
  }
  expect(asked).toEqual([]);
});

test("where records name a trace, what followed on other servers is found, too", async () => {
  const traced = { ...REPLICA, trace_id: "t" };
  answer = (query) =>
    query.includes('trace_id:="t') ? [OTHER, TRAEFIK, traced] : [traced, TRAEFIK];
  await controller.find("r");
  expect(asked[1]).toMatch(/ or trace_id:="t"$/);
  expect(stand.query).toBe(asked[1]);
  expect(stand.records.map(({ who }) => who)).toEqual(["webserver-2", "Traefik", "gs-1"]);
  expect(stand.summary).toContain("gs-1 wrote of it, too.");
});

test("a trace that is no id gets into no question", async () => {
  answer = () => [{ ...REPLICA, trace_id: 't" or *' }, TRAEFIK];
  await controller.find("r");
  expect(asked).toHaveLength(1);
});

test("if the question for the trace is not answered, the request's own records stand", async () => {
  const traced = { ...REPLICA, trace_id: "t" };
  answer = (query) => (query.includes('trace_id:="t"') ? "away" : [traced, TRAEFIK]);
  await controller.find("r");
  expect(stand).toMatchObject({ note: "2 records.", query: asked[0] });
});

test("records that are on their way are waited for, and shown as they come", async () => {
  answer = () => (asked.length < 3 ? [] : asked.length < 4 ? [REPLICA] : [REPLICA, TRAEFIK]);
  const search = controller.find("r");
  await vi.advanceTimersByTimeAsync(300);
  expect(stand).toMatchObject({ isAsking: true, records: [] });
  expect(stand.note).toContain("No records yet");
  await vi.advanceTimersByTimeAsync(500);
  expect(stand.note).toContain("More may be on their way");
  expect(stand.records).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1000);
  await search;
  expect(stand).toMatchObject({ isAsking: false, note: "2 records." });
});

test("after five seconds it says that there are none, and asks no more", async () => {
  answer = () => [];
  const begun = Date.now();
  const search = controller.find("r");
  await vi.runAllTimersAsync();
  await search;
  expect(Date.now() - begun).toBe(5000);
  expect(asked).toHaveLength(6);
  expect(stand).toMatchObject({ isAsking: false, note: "There are no records of this id." });
});

test("a store that does not answer is told, and the next search works", async () => {
  answer = () => "away";
  await controller.find("r");
  expect(stand).toMatchObject({ isAsking: false, records: [] });
  expect(stand.note).toContain("The store of the logs does not answer.");
  answer = () => [TRAEFIK, REPLICA];
  await controller.find("r");
  expect(stand.note).toBe("2 records.");
});

test("whoever looks for something else sees nothing more of what was before", async () => {
  answer = (query) => (query.includes('"old"') ? [] : [TRAEFIK, REPLICA]);
  const old = controller.find("old");
  await vi.advanceTimersByTimeAsync(100);
  await controller.find("r");
  const shown = notes.length;
  await vi.runAllTimersAsync();
  await old;
  expect(notes).toHaveLength(shown);
  expect(stand).toMatchObject({ id: "r", note: "2 records." });
});

test("too many records are told to be more", async () => {
  answer = () => Array.from({ length: 300 }, () => REPLICA);
  await controller.find("r");
  expect(stand).toMatchObject({ isAsking: false });
  expect(stand.note).toContain("There are more records than are shown here");
});

test("a slow answer is shown without a search, and takes nothing from one", async () => {
  answer = () => [TRAEFIK, REPLICA];
  await controller.find("r");
  const heard = { method: "GET", path: "/api/me", status: 200, replica: "webserver-2", ms: 4 };
  const shown = notes.length;
  controller.heard({ ...heard, requestId: "fast" });
  expect(notes).toHaveLength(shown);
  controller.heard({ ...heard, requestId: "slow", ms: 400 });
  expect(stand).toMatchObject({ note: "2 records.", lately: [{ requestId: "slow" }] });
});
