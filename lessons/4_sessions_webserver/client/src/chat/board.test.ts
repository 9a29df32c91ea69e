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

test("the verdict tells when they disagree, and speaks of all only when all were asked", () => {
  const one = [said("1", "a")];
  const share = (replica: string, messages: Message[]) => ({ replica, messages });
  expect(verdict([], 2)).toBe("Asking …");
  expect(verdict([share("a", []), share("b", [])], 2)).toBe("No replica has a message yet.");
  const asked = "2 of 3 replicas were asked so far.";
  expect(verdict([share("a", []), share("b", [])], 3)).toBe(`${asked} None has a message.`);
  expect(verdict([share("a", one), share("b", [])], 3)).toContain("disagree");
  expect(verdict([share("a", one), share("b", [said("2", "b")])], 2)).toContain("disagree");
  expect(verdict([share("a", one), share("b", one)], 2)).toContain("the same");
  expect(verdict([share("a", one), share("b", one)], 3)).toBe(asked);
  expect(verdict([share("a", one)], 2)).toBe("1 of 2 replicas was asked so far.");
  expect(verdict([share("a", one)], 1)).toContain("only one");
});
