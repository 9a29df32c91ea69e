/** The live panel: puts what happens into the strip, and the strip onto the page. */

import type { Answer, WhoAmI } from "../net/api";
import { CallRows } from "./call-rows";
import { byId, el, say } from "../dom";
import type { Heartbeat } from "../net/heartbeat";
import type { Knowledge } from "./knowledge";
import { Lanes } from "./lanes";
import type { Message } from "../net/message"; // lesson 5
import { state } from "./sentences";
import { draw, Signs } from "./signs";
import { describe, LOOKS, NOBODY, Strip } from "./strip";
import type { Mark } from "./strip"; // lesson 5
import { hint, versions } from "./versions"; // lesson 7

export class Panel {
  readonly signs = new Signs();
  readonly strip = new Strip();
  readonly #rows = new CallRows(byId("call-rows", HTMLElement), this.signs);
  readonly #lanes = new Lanes(byId("lanes", HTMLElement), this.signs);
  readonly #state = byId("state", HTMLElement);
  readonly #versions = el("p", { class: "versions", role: "status" }); // lesson 7
  readonly #facts = new Map<string, WhoAmI>();
  readonly #knowledge: Knowledge;
  readonly #changed: () => void;
  #paused = false;

  /** `changed` is called when there is something new to show. */
  constructor(knowledge: Knowledge, changed: () => void) {
    this.#knowledge = knowledge;
    this.#changed = changed;
    this.#state.after(this.#versions); // lesson 7
    const legend = byId("legend", HTMLElement);
    legend.append(entry(draw(0), "your call"), entry(draw(0, "small"), "the page's own"));
    legend.append(entry(draw(0, "forgotten"), LOOKS.forgotten));
    legend.append(entry(draw(0, "refused"), LOOKS.refused));
    legend.append(entry(draw("cross"), LOOKS.nobody));
    legend.append(entry(draw(0, "taken"), LOOKS.taken), entry(draw(0, "told"), LOOKS.told)); // lesson 5
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
    this.strip.add(...describe(call, unknown && this.#knowledge.name !== null));
    this.#rows.add(call);
    this.#changed();
  }

  // lesson 5
  /** `message` went from the replica that took it to `teller`, which told this page of it. */
  carried(message: Message, teller: string): void {
    const marks: Mark[] = [{ lane: message.replica, look: "taken", big: true }];
    if (teller !== message.replica) marks.push({ lane: teller, look: "told", big: true });
    this.strip.add(marks, `${message.author}: ${message.replica} → Redis → ${teller}`);
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
      this.#knowledge.restarted(who.replica);
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
    this.signs.keep(lanes.map((lane) => lane.name));
    const running = versions(this.replicas.flatMap((name) => this.#facts.get(name) ?? [])); // lesson 7
    say(this.#versions, hint(running)); // lesson 7
    const about = (lane: string) => {
      const { name } = this.#knowledge;
      return {
        knows: this.#knowledge.of(lane),
        name,
        facts: this.#facts.get(lane),
        versions: running, // lesson 7
      };
    };
    this.#lanes.show(this.strip.columns, lanes, about, Date.now());
    say(this.#state, state(this.strip, this.#knowledge, this.#paused));
    document.body.classList.toggle("away", this.strip.away);
    document.body.classList.toggle("paused", this.#paused);
  }
}

function entry(sign: SVGSVGElement, text: string): HTMLLIElement {
  return el("li", {}, sign, text);
}
