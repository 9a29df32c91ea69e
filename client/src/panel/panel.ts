/** The live panel: puts what happens into the strip, and the strip onto the page. */

import { byId, say } from "../dom";
import type { Answer, WhoAmI } from "../net/api";
import type { Heartbeat } from "../net/heartbeat";
import type { Message } from "../net/message";
import { CallRows } from "./call-rows";
import { describeDelivery } from "./delivery";
import { legend } from "./legend";
import type { Recognition } from "./recognition";
import { ReplicaIcons } from "./replica-icons";
import { ReplicaLanes } from "./replica-lanes";
import { statusText } from "./status-text";
import { describe, NOBODY, Strip } from "./strip";
import { VersionLabels } from "./version-labels";

export class Panel {
  readonly icons = new ReplicaIcons();
  readonly strip = new Strip();
  readonly #rows = new CallRows(byId("call-rows", HTMLElement), this.icons);
  readonly #lanes = new ReplicaLanes(byId("lanes", HTMLElement), this.icons);
  readonly #state = byId("state", HTMLElement);
  readonly #versions = new VersionLabels(byId("lanes", HTMLElement), this.#state); // lesson 7
  readonly #facts = new Map<string, WhoAmI>();
  readonly #recognition: Recognition;
  readonly #changed: () => void;
  #paused = false;

  /** `changed` is called when there is something new to show. */
  constructor(recognition: Recognition, changed: () => void) {
    this.#recognition = recognition;
    this.#changed = changed;
    byId("legend", HTMLElement).append(...legend());
  }

  /** The replicas that answer, by name. */
  get replicas(): string[] {
    const lanes = this.strip.lanes().filter((lane) => lane.name !== NOBODY && !lane.silent);
    return lanes.map((lane) => lane.name);
  }

  called(answer: Answer<unknown>): void {
    const { call } = answer;
    const unknown =
      call.status === 401 || (call.path === "/api/me" && answer.ok && answer.value === null);
    this.strip.add(...describe(call, unknown && this.#recognition.player !== null));
    this.#rows.add(call);
    this.#changed();
  }

  // lesson 5
  /** `message` went from the replica that took it to `to`, which delivered it to this page. */
  carried(message: Message, to: string): void {
    this.strip.add(...describeDelivery(message, to));
    this.#changed();
  }

  // lesson 6
  /** A message of this page was taken by `replica`, or refused, after so many milliseconds. */
  sent(replica: string, taken: boolean, ms: number): void {
    this.#rows.sent(replica, taken, ms);
    this.#changed();
  }

  /** What a replica says of itself. */
  met(who: WhoAmI): void {
    const before = this.#facts.get(who.replica);
    if (before && before.startedAt.getTime() !== who.startedAt.getTime()) {
      this.#recognition.restarted(who.replica);
    }
    this.#facts.set(who.replica, who);
  }

  /** Lets the button hold the heartbeat. */
  control(heartbeat: Heartbeat): void {
    const pause = byId("pause", HTMLButtonElement);
    pause.addEventListener("click", () => {
      if (heartbeat.paused) heartbeat.start();
      else heartbeat.pause();
      this.#paused = heartbeat.paused;
      pause.setAttribute("aria-pressed", String(this.#paused));
      this.#changed();
    });
  }

  /** Brings the page up to date with what is known. */
  show(): void {
    const lanes = this.strip.lanes();
    this.icons.keep(lanes.map((lane) => lane.name));
    const about = (lane: string) => {
      const name = this.#recognition.player?.name ?? null;
      return { knows: this.#recognition.of(lane), name, facts: this.#facts.get(lane) };
    };
    this.#lanes.show(this.strip.columns, lanes, about, Date.now());
    this.#versions.show(this.replicas, this.#facts); // lesson 7
    say(this.#state, statusText(this.strip, this.#recognition, this.#paused));
    document.body.classList.toggle("away", this.strip.away);
    document.body.classList.toggle("paused", this.#paused);
  }
}
