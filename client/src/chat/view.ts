/** How the chat looks: the connection, who is here, the messages, what has not arrived yet, the field to write in. */

import { el, say } from "../dom";
import type { Link } from "../net/socket";
import type { ReplicaIcons } from "../panel/replica-icons";
import { Composer } from "./composer";
import { MessageList } from "./message-list";
import type { Outbox } from "./outbox";
import { type Choices, OutboxView } from "./outbox-view";
import type { Timeline } from "./timeline";
import "./connection.css";

/** What the person at this page can do. */
export interface Actions extends Choices {
  typed(text: string): void;
  /** Connects anew at once, instead of after the wait. */
  tryNow(): void;
}

export class ChatView {
  readonly element: HTMLElement;
  readonly #list: MessageList;
  readonly #outbox: OutboxView;
  readonly #composer: Composer;
  readonly #link = el("p", { class: "connection", role: "status" });
  readonly #now = el("button", { type: "button", hidden: "" }, "Try now");
  readonly #here = el("ul", { class: "here", "aria-label": "Who is here" });
  #frame = 0;

  constructor(icons: ReplicaIcons, actions: Actions) {
    this.#list = new MessageList(icons);
    this.#outbox = new OutboxView(actions);
    this.#composer = new Composer(async (text) => {
      actions.typed(text);
      return null;
    });
    this.#now.addEventListener("click", () => actions.tryNow());
    this.element = el(
      "section",
      { class: "card talk", "aria-labelledby": "talk-title" },
      el(
        "div",
        { class: "card-head" },
        el("h2", { id: "talk-title" }, "Chat"),
        el("div", { class: "connection-line" }, this.#link, this.#now),
      ),
      this.#here,
      this.#list.element,
      this.#outbox.element,
      this.#composer.element,
    );
  }

  connection(link: Link): void {
    if (link.state !== "open") this.#here.replaceChildren();
    // It stays while one try follows the other, so that it does not vanish under somebody's finger.
    this.#now.hidden = !("why" in link) || link.why === "";
    this.element.dataset.link = link.state;
    say(this.#link, words(link));
  }

  /** `count` players are here, and some of them have these names. `name` is the person at this page. */
  presence(names: readonly string[], count: number, name: string | null): void {
    const items = names.map((one) => {
      return el("li", {}, el("bdi", {}, one), one === name ? " (you)" : "");
    });
    if (count > names.length) items.push(el("li", {}, `and ${count - names.length} more`));
    this.#here.replaceChildren(...items);
  }

  /** Brings messages and outbox up to date. `name` is the person at this page; null if nobody is logged in. */
  update(timeline: Timeline, outbox: Outbox, name: string | null): void {
    // Hundreds of messages may come at once, and are drawn together.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#list.show(timeline, name));
    this.#outbox.show(outbox);
    this.#composer.element.hidden = name === null;
  }

  // lesson 7
  /** Whether what comes now is shown only, and not read out. */
  hush(quiet: boolean): void {
    this.#list.hush(quiet);
  }

  /** Scrolls to the newest message. */
  toEnd(): void {
    this.#list.toEnd();
  }

  /** Gives a text back to the person, who may change it. */
  giveBack(text: string): void {
    this.#composer.giveBack(text);
  }

  focus(): void {
    this.#composer.focus();
  }
}

/** The same while one try follows the other, so that it is read out once. */
function words(link: Link): string {
  switch (link.state) {
    case "off":
      return "Log in to talk with the others.";
    case "open":
      return `Connected to ${link.replica}`;
    default:
      return link.why === "" ? "Connecting …" : `${link.why} Trying again …`;
  }
}
