/**
 * What the chat does: it sends what was typed, hears what the replica pushes, and decides what is to be shown. How
 * that looks is the view's concern; nothing here knows the DOM.
 */

import { now } from "../net/clock";
import { type Frame, send } from "../net/frames";
import { type Message, refusal } from "../net/message";
import type { Player } from "../net/player";
import { problem } from "../net/problems";
import { Connection, type Link } from "../net/socket";
import type { Panel } from "../panel/panel";
import { Here } from "./here";
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
  readonly #here = new Here();
  /** What each player typed here and what has not arrived yet. Nobody sends another's words. */
  readonly #outboxes = new Map<string, Outbox>();
  #outbox = new Outbox();
  readonly #storage = new OutboxStorage(); // lesson 7
  readonly #resume = new Resume();
  readonly #replay = new Replay((quiet) => this.#view.hush(quiet)); // lesson 7
  readonly #sentAt = new Map<string, number>();
  #me: Player | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `open` makes a WebSocket to a path of the server that this page came from. `askWhoSitsHere` leads to `changePerson`, if
   * that has changed.
   */
  constructor(
    view: View,
    panel: Witness,
    open: (path: string) => WebSocket,
    askWhoSitsHere: () => Promise<void>,
  ) {
    this.#view = view;
    this.#panel = panel;
    this.#connection = new Connection(() => open(this.#resume.path), {
      frame: (frame) => this.#heard(frame),
      changed: (link) => this.#changed(link),
      askWhoSitsHere,
    });
    this.#changed(this.#connection.link);
  }

  /** `player`: who sits here now; null if nobody is logged in. */
  changePerson(player: Player | null): void {
    if (player?.player === this.#me?.player) return;
    this.#connection.stop();
    this.#timeline.clear();
    this.#resume.clear();
    this.#leave();
    this.#me = player;
    if (player !== null) this.#outbox = this.#outboxes.get(player.player) ?? new Outbox();
    if (player !== null) this.#storage.restore(this.#outbox, player); // lesson 7
    if (player !== null) this.#connection.start(player.player);
    this.#update();
  }

  /** What has not arrived yet belongs to whoever typed it, and waits for them. */
  #leave(): void {
    const [me, count] = [this.#me, this.#outbox.entries.length];
    if (me === null) return;
    this.#outboxes.delete(me.player);
    if (count > 0) {
      this.#outboxes.set(me.player, this.#outbox);
      const messages = count === 1 ? "A message" : `${count} messages`;
      this.#timeline.note(
        `${messages} of ${me.name} had not arrived yet. Only that login can send them, and nobody else.`,
      );
    }
    this.#outbox = new Outbox();
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
      if (sending) this.#timer = setTimeout(() => this.#noWord(), this.#patience(time));
      else if (this.#outbox.pause(time) > 0) {
        this.#timer = setTimeout(() => this.#pump(), this.#outbox.pause(time));
      }
    }
    this.#update();
  }

  /** How long after `time` there must be a word about what is on its way, whatever else is heard meanwhile. */
  #patience(time: number): number {
    return Math.max(0, Math.min(...this.#sentAt.values()) + WORD_MS - time);
  }

  #noWord(): void {
    this.#connection.abandon("A message was sent, and no answer came back.");
  }

  #heard(frame: Frame): void {
    const { link } = this.#connection;
    const replica = link.state === "open" ? link.replica : "";
    switch (frame.type) {
      case "welcome":
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
        this.#here.told(frame.players, frame.count);
        break;
      case "changes":
        this.#here.changed(frame.came, frame.left, frame.count);
        break;
      case "sent":
        this.#sent(frame.ref, frame.id, replica);
        break;
      case "error":
        if (frame.ref === null)
          this.#timeline.note(`${replica} refused something: ${why(frame.code)}`);
        else this.#refused(frame.ref, why(frame.code), frame.retryAfter, replica);
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
    if (this.#me === null) return;
    const { player, name: author } = this.#me;
    const said = { id, author, player, text: entry.text, sentAt: new Date(), replica };
    this.#timeline.taken(said);
  }

  #refused(ref: string, reason: string, retryAfter: number | null, replica: string): void {
    this.#outbox.refused(ref, reason, retryAfter, now());
    this.#panel.sent(replica, false, this.#since(ref));
    this.#sentAt.delete(ref);
  }

  /** How long ago a message was sent, in milliseconds. */
  #since(ref: string): number {
    const time = now();
    return time - (this.#sentAt.get(ref) ?? time);
  }

  #changed(link: Link): void {
    if (link.state !== "open") {
      this.#outbox.lost();
      this.#sentAt.clear();
      this.#here.clear();
      this.#resume.lost(this.#connection.aliveUntil);
    }
    this.#view.connection(link);
    this.#pump();
  }

  #update(): void {
    this.#view.update(this.#timeline, this.#here, this.#outbox, this.#me);
    this.#storage.save(this.#outbox.entries, this.#me); // lesson 7
  }
}

/** Why something was refused, in a sentence for people. */
function why(code: string): string {
  return refusal(code) ?? problem(code, null);
}
