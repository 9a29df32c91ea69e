/** What happened to a request, by its id: puts the controller of that and its view together. */

import { hear } from "../net/fetch";
import { RecordsController } from "./controller";
import { RecordStore } from "./store";
import { RecordsView } from "./view";

export class Records {
  readonly #view: RecordsView;
  readonly #controller: RecordsController;

  constructor() {
    this.#view = new RecordsView((typed) => void this.#controller.find(typed));
    this.#controller = new RecordsController(new RecordStore(), (stand) => this.#view.show(stand));
    hear((answer) => this.#controller.heard(answer));
  }

  get element(): HTMLElement {
    return this.#view.element;
  }
}
