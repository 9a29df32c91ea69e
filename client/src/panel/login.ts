/** Log in, log out, and who you are: the form and the name at the top of the page. */

import type { Api } from "../net/api";
import { byId, say } from "../dom";
import { isForgotten } from "./forgotten";
import type { Recognition } from "./recognition";

/** What a login without a cookie looks like from here. */
const NO_COOKIE =
  "You logged in, and were forgotten at once: this browser does not seem to keep cookies of this page. " +
  "Allow them, and log in again.";

export class Login {
  readonly #api: Api;
  readonly #recognition: Recognition;
  readonly #changed: () => void;
  readonly #form = byId("login", HTMLFormElement);
  readonly #name = byId("name", HTMLInputElement);
  readonly #identity = byId("identity", HTMLParagraphElement);
  readonly #who = byId("who", HTMLElement);
  readonly #logout = byId("logout", HTMLButtonElement);
  readonly #problem = byId("login-problem", HTMLParagraphElement);
  #busy = false;

  /** `changed` is called after a log-in or a log-out that went well. */
  constructor(api: Api, recognition: Recognition, changed: () => void) {
    this.#api = api;
    this.#recognition = recognition;
    this.#changed = changed;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#once(() => this.#logIn());
    });
    this.#logout.addEventListener("click", () => this.#once(() => this.#logOut()));
  }

  /** Shows the name, or with null the form; nothing before it is `settled` who sits here. */
  show(name: string | null, settled: boolean): void {
    say(this.#who, name ?? "");
    const focused = this.#identity.contains(document.activeElement);
    this.#identity.hidden = name === null;
    this.#form.hidden = name !== null || !settled;
    // What had the focus is gone now; a person who goes on by keyboard must not start at the top.
    if (name === null && focused) this.#name.focus();
  }

  /** Puts the focus on what is there: the name's field, or the button to log out. */
  focus(): void {
    (this.#form.hidden ? this.#logout : this.#name).focus();
  }

  async #logIn(): Promise<void> {
    const answer = await this.#api.login(this.#name.value.toWellFormed().trim());
    this.#tell(answer.ok ? "" : answer.error);
    if (!answer.ok || answer.value === null || answer.call.replica === null) {
      this.#name.focus();
      return;
    }
    const { replica } = answer.call;
    this.#recognition.loggedIn(answer.value, replica);
    this.#changed();
    // Not awaited: it is no part of the log-in, and whoever wants to log out again at once can.
    this.#askWhetherKept(replica);
  }

  /** A browser that keeps no cookies is logged in by nobody, and is told so instead of being greeted. */
  async #askWhetherKept(replica: string): Promise<void> {
    const { era } = this.#recognition;
    const me = await this.#api.me({ automatic: true });
    if (era !== this.#recognition.era || !isForgotten(me, replica)) return;
    this.#recognition.loggedOut();
    this.#changed();
    this.#tell(NO_COOKIE);
  }

  async #logOut(): Promise<void> {
    const answer = await this.#api.logout();
    this.#tell(answer.ok ? "" : answer.error);
    if (!answer.ok) return;
    this.#recognition.loggedOut();
    this.#changed();
  }

  #tell(problem: string): void {
    say(this.#problem, problem);
    this.#name.setAttribute("aria-invalid", String(problem !== ""));
  }

  /** One call at a time: a second press while the first is under way does nothing. */
  async #once(act: () => Promise<void>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    await act();
    this.#busy = false;
  }
}
