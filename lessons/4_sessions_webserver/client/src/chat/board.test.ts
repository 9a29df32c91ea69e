import { expect, test } from "vitest";
import { Board, verdict } from "./board";
import type { Message } from "../net/message";

function said(id: string, replica: string): Message {
  return { id, author: "Ada", player: "ada", text: id, sentAt: new Date(0), replica };
}

test("each replica has what it answered, and what it took since", () => {
  const board = new Board();
  board.answered({ replica: "a", messages: [said("1", "a")] });
  board.answered({ replica: "b", messages: [] });
  board.taken(said("2", "b"));
  board.taken(said("2", "b"));
  const ids = board.shares(["a", "b", "c"]).map(({ messages }) => messages.map(({ id }) => id));
  expect(ids).toEqual([["1"], ["2"]]);
  board.clear();
  expect(board.shares(["a"])).toEqual([]);
});

test("the verdict tells when they disagree", () => {
  const one = [said("1", "a")];
  const share = (replica: string, messages: Message[]) => ({ replica, messages });
  expect(verdict([])).toBe("Asking …");
  expect(verdict([share("a", []), share("b", [])])).toContain("No replica has");
  expect(verdict([share("a", one), share("b", [])])).toContain("disagree");
  expect(verdict([share("a", one), share("b", [said("2", "b")])])).toContain("disagree");
  expect(verdict([share("a", one), share("b", one)])).toContain("the same");
  expect(verdict([share("a", one)])).toContain("One replica");
});
