/** The chat, which is pushed over a WebSocket: puts its controller and its view together. */

import type { Api } from "../net/api";
import type { Player } from "../net/player";
import type { Panel } from "../panel/panel";
import type { Recognition } from "../panel/recognition";
import { ChatController } from "./controller";
import { ChatView } from "./view";

export class Chat {
  readonly #api: Api;
  readonly #recognition: Recognition;
  readonly #view: ChatView;
  readonly #controller: ChatController;

  constructor(api: Api, panel: Panel, recognition: Recognition) {
    this.#api = api;
    this.#recognition = recognition;
    this.#view = new ChatView(panel.icons, {
      typed: (text) => this.#controller.typed(text),
      again: (ref) => this.#controller.again(ref),
      giveBack: (ref) => this.#controller.giveBack(ref),
      discard: (ref) => this.#controller.discard(ref),
      tryNow: () => this.#controller.tryNow(),
    });
    this.#controller = new ChatController(this.#view, panel, open, () => this.#askWhoSitsHere());
    // After a sleep, a walk to another network, or a time in the background, the connection may be long dead.
    const doubt = () => this.#controller.doubt();
    window.addEventListener("online", doubt);
    window.addEventListener("pageshow", doubt);
    document.addEventListener("visibilitychange", () => document.hidden || doubt());
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  /** `player`: who sits here; null if nobody is logged in, or it is not `known`. Then nobody is asked to log in either. */
  show(player: Player | null, known: boolean): void {
    this.element.hidden = !known;
    this.#controller.changePerson(player);
  }

  focus(): void {
    this.#view.focus();
  }

  /** The login that this page knew is over. Any replica can say what holds now; if none does, all stays as it was. */
  async #askWhoSitsHere(): Promise<void> {
    const { era } = this.#recognition;
    const answer = await this.#api.me({ automatic: true });
    if (!answer.ok || answer.call.replica === null) return;
    if (answer.value === null) this.#recognition.loggedOut();
    else this.#recognition.answered(answer.call.replica, answer.value, era);
    this.show(this.#recognition.player, this.#recognition.settled);
  }
}

/** A WebSocket to `path` of the server that this page came from. */
function open(path: string): WebSocket {
  const url = new URL(path, location.href);
  url.protocol = location.protocol.replace("http", "ws");
  return new WebSocket(url);
}
