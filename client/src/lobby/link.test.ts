import { expect, test } from "vitest";
import { codeIn, linkTo, typedCode } from "./link";

test("a link to a party has its code, as it was written, where no server sees it", () => {
  const link = new URL(linkTo("ABCD-EFGH", "http://webserver.localhost:8000/any?thing"));
  expect(link.href).toBe("http://webserver.localhost:8000/#party=ABCD-EFGH");
  expect(codeIn(link.hash)).toBe("ABCD-EFGH");
  expect(codeIn("#party=abcdefgh")).toBe("abcdefgh");
  expect(codeIn("#party=AB%20CD")).toBe("AB CD");
});

test.each(["", "#", "#party", "#party=", "#lobby", "#a=b"])("%s is none", (hash) => {
  expect(codeIn(hash)).toBeNull();
});

test("a whole link may be typed in place of a code", () => {
  expect(typedCode("http://webserver.localhost/#party=ABCD-EFGH")).toBe("ABCD-EFGH");
  expect(typedCode("abcd efgh")).toBe("abcd efgh");
});
