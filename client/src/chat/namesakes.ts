/**
 * Several people may be called the same, and nobody may be taken for another. So whoever has a name that somebody else
 * has too is told apart by the beginning of their id, which nobody chooses.
 */

import { el } from "../dom";
import type { Player } from "../net/player";

/** So many characters of an id are shown: enough that nobody gets the same by trying. */
const SHOWN = 6;

/** The ids of those among `people` whose name another of them has, too. */
export function namesakes(people: Iterable<Player>): Set<string> {
  const ids = new Map<string, Set<string>>();
  for (const { player, name } of people) {
    const same = ids.get(look(name)) ?? new Set();
    ids.set(look(name), same.add(player));
  }
  return new Set([...ids.values()].filter(({ size }) => size > 1).flatMap((same) => [...same]));
}

/** The beginning of an id, in a colour that goes with it. */
export function tag(player: string): HTMLElement {
  const element = el("span", { class: "tag", title: "Others here have this name, too" });
  element.textContent = `#${player.slice(0, SHOWN)}`;
  element.style.setProperty("--hue", String(Number.parseInt(player.slice(0, 4), 16) % 360));
  return element;
}

/** What is the same for names that a person would take for one. */
function look(name: string): string {
  return name.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
}
