/** The message board: post, and see what each replica has. */

import type { Api } from "../net/api";
import { Board, type Share, verdict } from "./board";
import { Composer } from "./composer";
import { el, say } from "../dom";
import { Heartbeat } from "../net/heartbeat";
import { message, messagePage } from "../net/message";
import { view } from "./message-view";
import type { Panel } from "../panel/panel";
import { drawIcon } from "../panel/replica-icons";
import "./board.css";

/** From one look at the messages to the next. In milliseconds. */
const LOOK_MS = 2000;

/** So many messages of each replica are shown. */
const SHOWN = 6;

export class Chat {
  readonly element: HTMLElement;
  readonly #api: Api;
  readonly #panel: Panel;
  readonly #board = new Board();
  readonly #verdict = el("p", { class: "state", role: "status" });
  readonly #shares = el("div", { class: "shares" });
  readonly #composer = new Composer((text) => this.#post(text));
  readonly #look = new Heartbeat(LOOK_MS, () => this.#ask());
  #name: string | null = null;
  #shown = "";

  constructor(api: Api, panel: Panel) {
    this.#api = api;
    this.#panel = panel;
    this.element = el(
      "section",
      { class: "card talk", "aria-labelledby": "talk-title" },
      el("h2", { id: "talk-title" }, "What each replica has"),
      this.#verdict,
      this.#composer.element,
      this.#shares,
    );
  }

  /** `name`: who sits here; null if nobody is logged in. */
  show(name: string | null): void {
    if (name !== this.#name) {
      this.#name = name;
      this.#board.clear();
      if (name === null) this.#look.pause();
      else this.#look.start();
    }
    const shares = this.#board.shares(this.#panel.replicas);
    say(this.#verdict, name === null ? "Log in to post a message." : verdict(shares));
    this.#composer.element.hidden = name === null;
    const now = JSON.stringify([name, shares]);
    if (now === this.#shown) return;
    this.#shown = now;
    this.#shares.replaceChildren(...shares.map((share) => this.#share(share)));
  }

  focus(): void {
    this.#composer.focus();
  }

  async #ask(): Promise<void> {
    const answer = await this.#api.call("GET", "/api/messages", messagePage, { automatic: true });
    if (answer.ok) this.#board.answered(answer.value);
    this.show(this.#name);
  }

  async #post(text: string): Promise<string | null> {
    const answer = await this.#api.call("POST", "/api/messages", message, { body: { text } });
    if (!answer.ok) return answer.error;
    this.#board.taken(answer.value);
    this.show(this.#name);
    return null;
  }

  #share({ replica, messages }: Share): HTMLElement {
    const title = el("h3", { class: "signed" }, drawIcon(this.#panel.icons.of(replica)), replica);
    const list = el("ol");
    const earlier = messages.length - SHOWN;
    if (earlier > 0) list.append(el("li", { class: "before" }, `${earlier} before these`));
    list.append(...messages.slice(-SHOWN).map((one) => view(one, one.author === this.#name)));
    const none = el("p", { class: "none" }, "has no message");
    return el(
      "section",
      { class: "share", "aria-label": replica, "data-replica": replica },
      title,
      messages.length === 0 ? none : list,
    );
  }
}
