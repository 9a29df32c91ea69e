/** The chat by polling: this page learns of a message only when it asks. */

import type { Api } from "../net/api";
import { Asking } from "./asking";
import { Composer } from "./composer";
import { el, say } from "../dom";
import { Heartbeat } from "../net/heartbeat";
import { MessageList } from "./message-list";
import { message, messagePage, refusal } from "../net/message";
import { namesakes } from "./namesakes";
import type { Player } from "../net/player";
import type { Panel } from "../panel/panel";
import type { Recognition } from "../panel/recognition";
import { Timeline } from "./timeline";
import "./polling.css";

/** From one question to the next. In milliseconds. */
const ASK_MS = 3000;

export class Chat {
  readonly element: HTMLElement;
  readonly #api: Api;
  readonly #panel: Panel;
  readonly #timeline = new Timeline();
  readonly #list: MessageList;
  readonly #composer = new Composer((text) => this.#post(text));
  readonly #asker = new Heartbeat(ASK_MS, () => this.#ask(true));
  readonly #askNow = el("button", { type: "button", id: "ask-messages" }, "Anything new?");
  readonly #summary = el("p", { id: "asks", class: "asks" });
  #asking = new Asking();
  #me: Player | null = null;

  constructor(api: Api, panel: Panel, _recognition: Recognition) {
    this.#api = api;
    this.#panel = panel;
    this.#list = new MessageList(panel.icons);
    this.#askNow.addEventListener("click", () => this.#ask(false));
    this.element = el(
      "section",
      { class: "card talk", "aria-labelledby": "talk-title" },
      el("div", { class: "card-head" }, el("h2", { id: "talk-title" }, "Chat"), this.#askNow),
      this.#summary,
      this.#list.element,
      this.#composer.element,
    );
    this.#update();
  }

  /** `me`: who sits here; null if nobody is logged in, or it is not `known`. Then nobody is asked to log in either. */
  show(me: Player | null, known: boolean): void {
    this.element.hidden = !known;
    if (me?.player === this.#me?.player) return;
    this.#me = me;
    this.#asking = new Asking();
    this.#timeline.clear();
    if (me === null) this.#asker.pause();
    else this.#asker.start();
    this.#update();
  }

  focus(): void {
    this.#composer.focus();
  }

  async #ask(automatic: boolean): Promise<void> {
    const asking = this.#asking;
    const answer = await this.#api.call("GET", asking.path, messagePage, { automatic });
    // Meanwhile somebody else may have logged in.
    if (!answer.ok || asking !== this.#asking) return;
    asking.answered(answer.value);
    const { messages, replica } = answer.value;
    for (const one of this.#timeline.heard(messages, replica)) this.#panel.carried(one, replica);
    this.#update();
  }

  async #post(text: string): Promise<string | null> {
    const answer = await this.#api.call("POST", "/api/messages", message, { body: { text } });
    if (!answer.ok) return refusal(answer.code) ?? answer.error;
    // It was taken. That it has also arrived, this page learns when it asks.
    this.#timeline.taken(answer.value);
    this.#update();
    this.#list.toEnd();
    return null;
  }

  #update(): void {
    const me = this.#me;
    const away = me === null;
    say(this.#summary, away ? "Log in to talk with the others." : this.#asking.summary);
    this.#askNow.hidden = away;
    this.#composer.element.hidden = away;
    const { people } = this.#timeline;
    const tagged = namesakes(me === null ? people : [...people, me]);
    this.#list.show(this.#timeline, tagged, me?.player ?? null);
  }
}
