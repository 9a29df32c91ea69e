/** The chat: messages are pushed over a WebSocket. */

import type { Api } from "../net/api";
import { Composer } from "./composer";
import { el, say } from "../dom";
import { type Frame, send } from "../net/frames";
import { MessageList } from "./message-list";
import type { Message } from "../net/message";
import { Outbox } from "./outbox";
import { OutboxView } from "./outbox-view";
import type { Panel } from "../panel/panel";
import { Connection, type Link } from "../net/socket";
import { Timeline } from "./timeline";
import "./connection.css";

/** A message without a word for so long means that the connection is dead. In milliseconds. */
const WORD_MS = 10_000;

export class Chat {
  readonly element: HTMLElement;
  readonly #panel: Panel;
  readonly #timeline = new Timeline();
  readonly #outbox = new Outbox();
  readonly #connection: Connection;
  readonly #list: MessageList;
  readonly #outboxView: OutboxView;
  readonly #composer = new Composer(async (text) => this.#typed(text));
  readonly #link = el("p", { class: "connection", role: "status" });
  readonly #now = el("button", { type: "button", hidden: "" }, "Try now");
  readonly #here = el("ul", { class: "here", "aria-label": "Who is here" });
  readonly #sentAt = new Map<string, number>();
  #name: string | null = null;
  #goneAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(_api: Api, panel: Panel) {
    this.#panel = panel;
    this.#list = new MessageList(panel.icons);
    this.#outboxView = new OutboxView({
      again: (ref) => this.#decided(() => this.#outbox.again(ref)),
      discard: (ref) => this.#decided(() => this.#outbox.remove(ref)),
      giveBack: (ref) =>
        this.#decided(() => this.#composer.giveBack(this.#outbox.remove(ref)?.text ?? "")),
    });
    const url = new URL("/ws", location.href);
    url.protocol = location.protocol.replace("http", "ws");
    this.#connection = new Connection(() => new WebSocket(url), {
      frame: (frame) => this.#heard(frame),
      changed: (link) => this.#changed(link),
    });
    this.#now.addEventListener("click", () => this.#connection.hurry());
    window.addEventListener("online", () => this.#connection.hurry());
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
      this.#outboxView.element,
      this.#composer.element,
    );
    this.#changed(this.#connection.link);
  }

  /** `name`: who sits here; null if nobody is logged in. */
  show(name: string | null): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#connection.stop();
    this.#outbox.loggedOut();
    this.#timeline.clear();
    this.#goneAt = null;
    if (name !== null) this.#connection.start();
    this.#update();
  }

  focus(): void {
    this.#composer.focus();
  }

  #typed(text: string): null {
    this.#outbox.add(text);
    this.#pump();
    this.#list.toEnd();
    return null;
  }

  #decided(act: () => void): void {
    act();
    this.#pump();
    this.focus();
  }

  /** Sends what may be sent now, and comes back when more may. */
  #pump(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    if (this.#connection.link.state === "open") {
      const entry = this.#outbox.next(now);
      if (entry) {
        this.#connection.send(send(entry.ref, entry.text));
        this.#sentAt.set(entry.ref, now);
      }
      const sending = this.#outbox.entries.some(({ state }) => state === "sending");
      if (sending) this.#timer = setTimeout(() => this.#noWord(), WORD_MS);
      else if (this.#outbox.pause(now) > 0) {
        this.#timer = setTimeout(() => this.#pump(), this.#outbox.pause(now));
      }
    }
    this.#update();
  }

  #noWord(): void {
    this.#connection.abandon("A message was sent, and no word came back.");
  }

  #heard(frame: Frame): void {
    const { link } = this.#connection;
    const replica = link.state === "open" ? link.replica : "";
    switch (frame.type) {
      case "welcome":
        this.#welcomed(replica);
        break;
      case "messages":
        for (const message of this.#timeline.heard(frame.messages, frame.replica)) {
          this.#panel.carried(message, frame.replica);
        }
        break;
      case "presence":
        this.#present(frame.names, frame.count);
        break;
      case "sent":
        this.#sent(frame.ref, frame.id, replica);
        break;
      case "error":
        if (frame.ref !== null) {
          const now = performance.now();
          this.#outbox.refused(frame.ref, frame.error, frame.retryAfter, now);
          this.#panel.sent(replica, false, now - (this.#sentAt.get(frame.ref) ?? now));
        } else this.#timeline.note(`${replica}: ${frame.error}`);
    }
    this.#pump();
  }

  #welcomed(replica: string): void {
    if (this.#goneAt === null) {
      this.#timeline.note(`From now on, ${replica} tells you what is said.`);
    } else {
      const seconds = Math.max(1, Math.round((performance.now() - this.#goneAt) / 1000));
      this.#timeline.note(
        `You were away for ${seconds} s, and are back with ${replica}. What was said meanwhile is missing here.`,
      );
    }
    this.#goneAt = null;
  }

  #sent(ref: string, id: string, replica: string): void {
    const entry = this.#outbox.sent(ref);
    if (!entry) return;
    const now = performance.now();
    this.#panel.sent(replica, true, now - (this.#sentAt.get(ref) ?? now));
    this.#sentAt.delete(ref);
    const author = this.#name ?? "";
    const message: Message = { id, author, text: entry.text, sentAt: new Date(), replica };
    this.#timeline.taken(message);
  }

  #present(names: string[], count: number): void {
    const items = names.map((name) => {
      return el("li", {}, el("bdi", {}, name), name === this.#name ? " (you)" : "");
    });
    if (count > names.length) items.push(el("li", {}, `and ${count - names.length} more`));
    this.#here.replaceChildren(...items);
  }

  #changed(link: Link): void {
    if (link.state === "waiting") {
      this.#outbox.lost();
      this.#goneAt ??= this.#timeline.items.length > 0 ? performance.now() : null;
    }
    if (link.state !== "open") this.#here.replaceChildren();
    this.#now.hidden = link.state !== "waiting";
    this.element.dataset.link = link.state;
    say(this.#link, words(link));
    this.#pump();
  }

  #update(): void {
    this.#list.show(this.#timeline, this.#name);
    this.#outboxView.show(this.#outbox);
    this.#composer.element.hidden = this.#name === null;
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
