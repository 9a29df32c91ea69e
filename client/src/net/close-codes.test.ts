import { expect, test } from "vitest";
import { CLOSE_CODES, closed } from "./close-codes";

test("each code has its sentence", () => {
  const codes = [1006, 1008, 1009, 1012, 4001, 4002];
  expect(Object.keys(CLOSE_CODES)).toEqual(expect.arrayContaining(codes.slice(1).map(String)));
  const all = new Set([...codes, ...Object.keys(CLOSE_CODES).map(Number)]);
  expect(new Set([...all].map((code) => closed(code, "a"))).size).toBe(all.size);
  expect(closed(1012, "webserver-1")).toBe("webserver-1 was told to stop.");
  expect(closed(1006, null)).toBe("There is no connection.");
});
