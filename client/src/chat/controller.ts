/**
 * What the chat does: it sends what was typed, hears what the replica pushes, and decides what is to be shown. How
 * that looks is the view's concern; nothing here knows the DOM.
 */

import { now } from "../net/clock";
import { type Frame, send } from "../net/frames";
import type { Message } from "../net/message";
import { Connection, type Link } from "../net/socket";
import type { Panel } from "../panel/panel";
import { Outbox } from "./outbox";
import { OutboxStorage } from "./outbox-storage";
import { Replay } from "./replay";
import { Resume } from "./resume";
import { Timeline } from "./timeline";
import type { ChatView } from "./view";

/** A message without a word for so long means that the connection is dead. In milliseconds. */
const WORD_MS = 10_000;

/** What the controller needs of the view. */
export type View = Omit<ChatView, "element">;

/** What the controller needs of the panel. */
export type Witness = Pick<Panel, "carried" | "sent">;

export class ChatController {
  readonly #view: View;
  readonly #panel: Witness;
  readonly #connection: Connection;
  readonly #timeline = new Timeline();
  readonly #outbox = new Outbox();
  readonly #storage = new OutboxStorage(); // lesson 7
  readonly #resume = new Resume();
  readonly #replay = new Replay((quiet) => this.#view.hush(quiet)); // lesson 7
  readonly #sentAt = new Map<string, number>();
  #name: string | null = null;
  #player = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `open` makes a WebSocket to a path of the server that this page came from. */
  constructor(view: View, panel: Witness, open: (path: string) => WebSocket) {
    this.#view = view;
    this.#panel = panel;
    this.#connection = new Connection(() => open(this.#resume.path), {
      frame: (frame) => this.#heard(frame),
      changed: (link) => this.#changed(link),
    });
    this.#changed(this.#connection.link);
  }

  /** `name`: who sits here now; null if nobody is logged in. */
  changePerson(name: string | null): void {
    if (name === this.#name) return;
    this.#name = name;
    this.#connection.stop();
    this.#timeline.clear();
    this.#resume.clear();
    // What has not arrived yet belongs to whoever typed it.
    this.#outbox.loggedOut();
    if (name !== null) this.#storage.restore(this.#outbox, name); // lesson 7
    if (name !== null) this.#connection.start();
    this.#update();
  }

  /** The person wants `text` to be sent. */
  typed(text: string): void {
    this.#outbox.add(text);
    this.#pump();
    this.#view.toEnd();
  }

  /** The person wants a message that has not arrived to be sent after all. */
  again(ref: string): void {
    this.#outbox.again(ref);
    this.#decided();
  }

  /** The person wants to change the text of a message that has not arrived. */
  giveBack(ref: string): void {
    this.#view.giveBack(this.#outbox.remove(ref)?.text ?? "");
    this.#decided();
  }

  /** The person gives up a message that has not arrived. */
  discard(ref: string): void {
    this.#outbox.remove(ref);
    this.#decided();
  }

  /** Connects anew at once. */
  tryNow(): void {
    this.#connection.tryNow();
  }

  /** Something happened after which connections are often dead. */
  doubt(): void {
    this.#connection.doubt();
  }

  #decided(): void {
    this.#pump();
    this.#view.focus();
  }

  /** Sends what may be sent now, and comes back when more may. */
  #pump(): void {
    clearTimeout(this.#timer);
    const time = now();
    if (this.#connection.link.state === "open") {
      const entry = this.#outbox.next(time);
      if (entry) {
        this.#connection.send(send(entry.ref, entry.text));
        this.#sentAt.set(entry.ref, time);
      }
      const sending = this.#outbox.entries.some(({ state }) => state === "sending");
      if (sending) this.#timer = setTimeout(() => this.#noWord(), WORD_MS);
      else if (this.#outbox.pause(time) > 0) {
        this.#timer = setTimeout(() => this.#pump(), this.#outbox.pause(time));
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
        this.#player = frame.player;
        this.#replay.begin(this.#resume.first); // lesson 7
        this.#timeline.note(this.#resume.welcomed(replica, now()));
        break;
      case "messages":
        this.#delivered(frame.messages, frame.replica);
        break;

      // lesson 7
      case "gap":
        this.#timeline.note(this.#resume.gap());
        break;

      case "presence":
        this.#view.presence(
          frame.players.map(({ name }) => name),
          frame.count,
          this.#name,
        );
        break;
      case "sent":
        this.#sent(frame.ref, frame.id, replica);
        break;
      case "error":
        if (frame.ref === null) this.#timeline.note(`${replica}: ${frame.error}`);
        else this.#refused(frame.ref, frame.error, frame.retryAfter, replica);
    }
    this.#pump();
  }

  #delivered(messages: readonly Message[], replica: string): void {
    this.#resume.heard(messages); // lesson 7
    for (const message of this.#timeline.heard(messages, replica)) {
      if (this.#replay.isOld(message)) continue; // lesson 7
      this.#panel.carried(message, replica);
    }
  }

  #sent(ref: string, id: string, replica: string): void {
    const entry = this.#outbox.sent(ref);
    if (!entry) return;
    this.#panel.sent(replica, true, this.#since(ref));
    this.#sentAt.delete(ref);
    const author = this.#name ?? "";
    const said = { id, author, player: this.#player, text: entry.text };
    this.#timeline.taken({ ...said, sentAt: new Date(), replica });
  }

  #refused(ref: string, error: string, retryAfter: number | null, replica: string): void {
    this.#outbox.refused(ref, error, retryAfter, now());
    this.#panel.sent(replica, false, this.#since(ref));
  }

  /** How long ago a message was sent, in milliseconds. */
  #since(ref: string): number {
    const time = now();
    return time - (this.#sentAt.get(ref) ?? time);
  }

  #changed(link: Link): void {
    if (link.state === "waiting" || link.state === "connecting") {
      this.#outbox.lost();
      this.#resume.lost(this.#connection.aliveUntil);
    }
    this.#view.connection(link);
    this.#pump();
  }

  #update(): void {
    this.#view.update(this.#timeline, this.#outbox, this.#name);
    this.#storage.save(this.#outbox.entries); // lesson 7
  }
}
