/** The version of each replica at its lane, and what a person should know while there are two. */

import { el, say } from "../dom";
import type { WhoAmI } from "../net/api";
import { hint, versions } from "./versions";
import "./versions.css";

export class VersionLabels {
  readonly #lanes: HTMLElement;
  readonly #hint = el("p", { class: "versions", role: "status" });

  /** `lanes`: the list with one item for each replica. `state`: below it stands how many versions run. */
  constructor(lanes: HTMLElement, state: HTMLElement) {
    this.#lanes = lanes;
    state.after(this.#hint);
  }

  /** `replicas` answer; `facts` is what they, and others before them, said of themselves. */
  show(replicas: readonly string[], facts: ReadonlyMap<string, WhoAmI>): void {
    const running = versions(replicas.flatMap((name) => facts.get(name) ?? []));
    say(this.#hint, hint(running));
    for (const lane of this.#lanes.querySelectorAll("[data-replica]")) {
      const replica = facts.get(lane.getAttribute("data-replica") ?? "");
      if (replica) show(labelOf(lane), replica.version, running);
    }
  }
}

/** While there are two, the old and the new one can be told apart at a glance. The newest comes last. */
function show(label: Element, version: string, running: readonly string[]): void {
  say(label, `v${version}`);
  label.classList.toggle("old", version !== running.at(-1));
  label.classList.toggle("new", running.length > 1 && version === running.at(-1));
}

/** The label of a lane, which is made when it is wanted for the first time. */
function labelOf(lane: Element): Element {
  const there = lane.querySelector(".version");
  if (there) return there;
  const label = el("span", { class: "version" });
  lane.querySelector(".about")?.append(label);
  return label;
}
