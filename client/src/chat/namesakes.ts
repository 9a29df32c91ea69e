/**
 * Several people may be called the same, and nobody may be taken for another. So whoever has a name that looks like
 * somebody else's is told apart by the beginning of their id, which nobody chooses.
 */

import { el } from "../dom";
import type { Player } from "../net/player";

/** So many characters of an id are shown: enough that nobody gets the same by trying. */
const SHOWN = 6;

/** Letters of alphabets that have thousands of them, none of which looks like one of ours. */
const UNMISTAKABLE = /[\p{Script=Han}\p{Script=Hangul}]/u;

/** Letters of which no two look alike once `look` is done with them. */
const OURS = /^[ -~]*$/;

/** The ids of those among `people` whose name may be taken for that of another of them. */
export function namesakes(people: Iterable<Player>): Set<string> {
  const byLook = new Map<string, Set<string>>();
  for (const { player, name } of people) {
    const same = byLook.get(look(name)) ?? new Set();
    byLook.set(look(name), same.add(player));
  }
  const looks = [...byLook.keys()];
  const found = new Set<string>();
  for (const [one, ids] of byLook) {
    const others = looks.filter((other) => other !== one && alike(one, other));
    if (ids.size > 1 || others.length > 0) for (const id of ids) found.add(id);
  }
  return found;
}

/** The beginning of an id, in a colour that goes with it. */
export function tag(player: string): HTMLElement {
  const element = el("span", { class: "tag", title: "Others here have a name like this" });
  element.textContent = `#${player.slice(0, SHOWN)}`;
  element.style.setProperty("--hue", String(Number.parseInt(player.slice(0, 4), 16) % 360));
  return element;
}

/**
 * What is the same for names that a person would take for one: no matter how wide or large a letter is, what stands above
 * or below it, and whether it is an l or an I, an O or a nought, an m or an r with an n behind it.
 */
function look(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ");
  return plain.replace(/[i1|]/g, "l").replace(/0/g, "o").replace(/rn/g, "m").replace(/vv/g, "w");
}

/** Whether two looks that are not the same can be taken for each other. */
function alike(one: string, other: string): boolean {
  if (OURS.test(one + other)) return false;
  const [letters, others] = [[...one], [...other]];
  if (letters.length !== others.length) return false;
  return letters.every((letter, at) => mayBe(letter, others[at] ?? ""));
}

/** Whether one letter is the other, or of another alphabet: then it may look like it, as the Cyrillic a looks like ours. */
function mayBe(one: string, other: string): boolean {
  if (one === other) return true;
  return alphabet(one) !== alphabet(other) && !UNMISTAKABLE.test(one + other);
}

/** Unicode gives alphabets their places by the 256. One may have several, but no two share one that matters here. */
function alphabet(letter: string): number {
  return (letter.codePointAt(0) ?? 0) >> 8;
}
