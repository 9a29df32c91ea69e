import { expect, test } from "vitest";
import { Recognition } from "./recognition";
import { age, statusText } from "./status-text";
import { type Mark, NOBODY, Strip } from "./strip";

function strip(...lanes: string[]): Strip {
  const made = new Strip();
  for (const lane of lanes) {
    const look: Mark["look"] = lane === NOBODY ? "nobody" : "answered";
    made.add([{ lane, look, big: false }], "");
  }
  return made;
}

function recognition(...answers: [string, string | null][]): Recognition {
  const made = new Recognition();
  for (const [replica, name] of answers) {
    made.answered(replica, name === null ? null : { player: "1", name }, made.era);
  }
  return made;
}

test("how many replicas answer", () => {
  const nobody = recognition();
  expect(statusText(strip(), nobody, false)).toBe("Asking …");
  expect(statusText(strip(), nobody, true)).toBe("Paused.");
  expect(statusText(strip("a"), nobody, false)).toBe("1 replica answered lately.");
  expect(statusText(strip("a", "b"), nobody, true)).toBe(
    "2 replicas answered lately. The page is paused.",
  );
  const killed = strip("a", ...Array.from({ length: 20 }, () => "b"));
  expect(statusText(killed, nobody, false)).toBe("1 replica answered lately. a is silent.");
});

test("who of them knows the person", () => {
  expect(statusText(strip("a"), recognition(["a", "Ada"]), false)).toContain(
    "It knows you as Ada.",
  );
  const three = strip("a", "b", "c");
  const of = (...answers: [string, string | null][]) =>
    statusText(three, recognition(...answers), false);
  expect(of(["a", "Ada"])).toBe("3 replicas answered lately. 1 of them knows you as Ada.");
  expect(of(["a", "Ada"], ["b", null])).toContain("1 of them knows you as Ada, 1 does not.");
  expect(of(["a", "Ada"], ["b", null], ["c", null])).toContain(
    "1 of them knows you as Ada, 2 do not.",
  );
  expect(of(["a", "Ada"], ["b", "Ada"], ["c", "Ada"])).toContain("All of them know you as Ada.");
  expect(of(["a", "Ada"], ["a", null])).toContain("None of those asked so far knows you as Ada.");
  expect(of(["a", "Ada"], ["a", null], ["b", null], ["c", null])).toContain(
    "The login is forgotten",
  );
});

test("who cannot say now is not said to know, and the others' word is not everybody's", () => {
  const troubled = recognition(["a", "Ada"], ["b", "Ada"]);
  troubled.failed("b");
  expect(statusText(strip("a", "b"), troubled, false)).toBe(
    "2 replicas answered lately. b cannot say now who you are.",
  );
  const loaded = recognition();
  loaded.failed("a");
  expect(statusText(strip("a"), loaded, false)).toBe(
    "1 replica answered lately. a cannot say now who you are.",
  );
});

test("away, and whether somebody goes on asking", () => {
  const away = strip("a", NOBODY, NOBODY);
  expect(statusText(away, recognition(), false)).toMatch(
    /^No replica answers. The page goes on asking/,
  );
  expect(statusText(away, recognition(), true)).toMatch(/^No replica answers. The page is paused/);
});

test("ages are rough", () => {
  const then = new Date(0);
  const ages = [-5, 0, 59, 60, 3599, 3600, 172_799, 172_800].map((s) => age(then, s * 1000));
  expect(ages).toEqual(["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 d"]);
});
