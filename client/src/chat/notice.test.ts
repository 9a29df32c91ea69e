import { expect, test } from "vitest";
import { isNotice } from "./notice";

const nobody = "0000000000000000";

test("what the system says is told from what a player says", () => {
  expect(isNotice({ author: "system", player: nobody })).toBe(true);
});

test("no name makes a player the system", () => {
  for (const author of ["system", "System", "ѕystem", "Told by the system"]) {
    expect(isNotice({ author, player: "0123456789abcdef" })).toBe(false);
  }
});

test("what was said before players had ids is no notice", () => {
  for (const author of ["Ada", "System", "system "]) {
    expect(isNotice({ author, player: nobody })).toBe(false);
  }
});
