/** How the chat looks: the connection, who is here, the messages, what has not arrived yet, the field to write in. */

import { el, say } from "../dom";
import type { Link } from "../net/socket";
import type { Player } from "../net/player";
import type { ReplicaIcons } from "../panel/replica-icons";
import { Composer } from "./composer";
import type { Here } from "./here";
import { MessageList } from "./message-list";
import { namesakes, tag } from "./namesakes";
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
  #shown = "";

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
    // It stays while one try follows the other, so that it does not vanish under somebody's finger.
    this.#now.hidden = !("why" in link) || link.why === "";
    this.element.dataset.link = link.state;
    say(this.#link, words(link));
  }

  /** Brings all of it up to date. `me` is the person at this page; null if nobody is logged in. */
  update(timeline: Timeline, here: Here, outbox: Outbox, me: Player | null): void {
    // Hundreds of messages may come at once, and are drawn together.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const people = [...here.players, ...timeline.people, ...(me ? [me] : [])];
      const tagged = namesakes(people);
      this.#list.show(timeline, tagged, me?.player ?? null);
      this.#presence(here, tagged, me);
    });
    this.#outbox.show(outbox);
    this.#composer.element.hidden = me === null;
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

  #presence(here: Here, tagged: ReadonlySet<string>, me: Player | null): void {
    const { players, count } = here;
    const now = JSON.stringify([players, count, [...tagged], me?.player]);
    if (now === this.#shown) return;
    this.#shown = now;
    const items = players.map(({ player, name }) => {
      const item = el("li", {}, el("bdi", {}, name));
      if (tagged.has(player)) item.append(" ", tag(player));
      if (player === me?.player) item.append(" (you)");
      return item;
    });
    if (count > players.length) items.push(el("li", {}, `and ${count - players.length} more`));
    this.#here.replaceChildren(...items);
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
