/** The chat, which is pushed over a WebSocket: puts its controller and its view together. */

import type { Api } from "../net/api";
import type { Panel } from "../panel/panel";
import { ChatController } from "./controller";
import { ChatView } from "./view";

export class Chat {
  readonly #view: ChatView;
  readonly #controller: ChatController;

  constructor(_api: Api, panel: Panel) {
    this.#view = new ChatView(panel.icons, {
      typed: (text) => this.#controller.typed(text),
      again: (ref) => this.#controller.again(ref),
      giveBack: (ref) => this.#controller.giveBack(ref),
      discard: (ref) => this.#controller.discard(ref),
      tryNow: () => this.#controller.tryNow(),
    });
    this.#controller = new ChatController(this.#view, panel, open);
    // After a sleep, a walk to another network, or a time in the background, the connection may be long dead.
    const doubt = () => this.#controller.doubt();
    window.addEventListener("online", doubt);
    window.addEventListener("pageshow", doubt);
    document.addEventListener("visibilitychange", () => document.hidden || doubt());
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  /** `name`: who sits here; null if nobody is logged in. */
  show(name: string | null): void {
    this.#controller.changePerson(name);
  }

  focus(): void {
    this.#view.focus();
  }
}

/** A WebSocket to `path` of the server that this page came from. */
function open(path: string): WebSocket {
  const url = new URL(path, location.href);
  url.protocol = location.protocol.replace("http", "ws");
  return new WebSocket(url);
}
