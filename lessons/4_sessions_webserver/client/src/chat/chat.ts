/** The message board: post, and see what each replica has. */

import type { Api } from "../net/api";
import { Board, type Share, verdict } from "./board";
import { Composer } from "./composer";
import { el, say } from "../dom";
import { Heartbeat } from "../net/heartbeat";
import { message, messagePage, refusal } from "../net/message";
import type { Player } from "../net/player";
import { view } from "./message-view";
import { namesakes } from "./namesakes";
import type { Panel } from "../panel/panel";
import type { Recognition } from "../panel/recognition";
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
  #me: Player | null = null;
  #shown = "";

  constructor(api: Api, panel: Panel, _recognition: Recognition) {
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

  /** `me`: who sits here; null if nobody is logged in, or it is not `known`. Then nobody is asked to log in either. */
  show(me: Player | null, known: boolean): void {
    this.element.hidden = !known;
    if (me?.player !== this.#me?.player) {
      this.#me = me;
      this.#board.clear();
      if (me === null) this.#look.pause();
      else this.#look.start();
    }
    this.#update();
  }

  focus(): void {
    this.#composer.focus();
  }

  #update(): void {
    const me = this.#me;
    const { replicas } = this.#panel;
    const shares = this.#board.shares(replicas);
    say(
      this.#verdict,
      me === null ? "Log in to post a message." : verdict(shares, replicas.length),
    );
    this.#composer.element.hidden = me === null;
    const now = JSON.stringify([me, shares]);
    if (now === this.#shown) return;
    this.#shown = now;
    const said = shares.flatMap(({ messages }) => messages);
    const people = said.map(({ player, author }) => ({ player, name: author }));
    const tagged = namesakes(me === null ? people : [...people, me]);
    this.#shares.replaceChildren(...shares.map((share) => this.#share(share, tagged)));
  }

  async #ask(): Promise<void> {
    const answer = await this.#api.call("GET", "/api/messages", messagePage, { automatic: true });
    if (answer.ok) this.#board.answered(answer.value);
    this.#update();
  }

  async #post(text: string): Promise<string | null> {
    const answer = await this.#api.call("POST", "/api/messages", message, { body: { text } });
    if (!answer.ok) return refusal(answer.code) ?? answer.error;
    this.#board.taken(answer.value);
    this.#update();
    return null;
  }

  #share({ replica, messages }: Share, tagged: ReadonlySet<string>): HTMLElement {
    const title = el("h3", { class: "signed" }, drawIcon(this.#panel.icons.of(replica)), replica);
    const list = el("ol");
    const earlier = messages.length - SHOWN;
    if (earlier > 0) list.append(el("li", { class: "before" }, `${earlier} before these`));
    for (const one of messages.slice(-SHOWN)) {
      const mine = one.player === this.#me?.player;
      list.append(view(one, { mine, tagged: tagged.has(one.player) }));
    }
    const none = el("p", { class: "none" }, "has no message");
    return el(
      "section",
      { class: "share", "aria-label": replica, "data-replica": replica },
      title,
      messages.length === 0 ? none : list,
    );
  }
}
