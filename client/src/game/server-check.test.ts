import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerCheck } from "./server-check";

let status: number | null = 410;
let asked: string[] = [];
let gone = 0;
let check: ServerCheck;

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 });
  [status, asked, gone] = [410, [], 0];
  check = new ServerCheck(
    () => gone++,
    Date.now,
    async (path) => {
      asked.push(path);
      return status;
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
});

/** It is doubted four times a second. */
async function doubt(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    void check.doubt("/game/gs-1/ws");
    await vi.advanceTimersByTimeAsync(250);
  }
}

test("a server that is gone for some seconds is gone for good, and nobody asks too often", async () => {
  await doubt(3000);
  expect(gone).toBe(0);
  await doubt(250);
  expect(gone).toBe(1);
  expect(asked).toEqual(["/game/gs-1/ws", "/game/gs-1/ws", "/game/gs-1/ws", "/game/gs-1/ws"]);
});

test.each([200, 502, null])(
  "an answer of %j in between says that it may be there",
  async (other) => {
    await doubt(2000);
    status = other;
    await doubt(1000);
    status = 410;
    await doubt(3000);
    expect(gone).toBe(0);
    await doubt(1000);
    expect(gone).toBe(1);
  },
);

test("what was asked before it was found again says nothing", async () => {
  await doubt(2750);
  void check.doubt("/game/gs-1/ws");
  check.reset();
  await vi.advanceTimersByTimeAsync(1000);
  await doubt(2000);
  expect(gone).toBe(0);
});
