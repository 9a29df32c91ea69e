import { expect, test } from "vitest";
import type { WhoAmI } from "../net/api";
import { hint, versions } from "./versions";

function replica(version: string, startedAt: number): WhoAmI {
  return { replica: `${version} ${startedAt}`, version, startedAt: new Date(startedAt), served: 0 };
}

test("the version that came last is last, whoever answers first", () => {
  expect(versions([])).toEqual([]);
  const [old, older, next] = [replica("1.9.0", 20), replica("1.9.0", 10), replica("1.10.0", 30)];
  expect(versions([old, older])).toEqual(["1.9.0"]);
  expect(versions([next, old, older])).toEqual(["1.9.0", "1.10.0"]);
  // Going back to the version before is a roll, too.
  expect(versions([replica("1.9.0", 40), next])).toEqual(["1.10.0", "1.9.0"]);
});

test("one version is nothing to speak of, two are", () => {
  expect(hint([])).toBe("");
  expect(hint(["1.9.0"])).toBe("");
  expect(hint(["1.9.0", "1.10.0"])).toBe("Two versions answered lately: 1.9.0 and 1.10.0.");
  expect(hint(["1", "2", "3"])).toBe("3 versions answered lately: 1, 2 and 3.");
});
