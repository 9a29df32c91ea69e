/** The goats of a match in a row: which is whose, and how many lives each has. */

import { el, say } from "../dom";
import { drawGoat, poseOf } from "./picture/goat";
import { DAY } from "./picture/palette";
import { LIVES } from "./rules/state";
import type { Status } from "./status";
import { standingGoat, type World } from "./world";

/** Device pixels of a portrait's side: enough for a sharp screen. */
const PORTRAIT = 96;

/** Looks to the south-east, where its pattern and its face are seen. */
const TURNED = 0.7;

interface Row {
  item: HTMLLIElement;
  who: HTMLElement;
  away: HTMLElement;
  hearts: HTMLElement;
  lives: HTMLElement;
}

export class Scoreboard {
  readonly element = el("ol", { class: "goats", "aria-label": "Goats" });
  #rows: Row[] = [];

  /** `world`: the match; null if none is played. */
  show({ seats, names, seat: own }: Status, world: World | null): void {
    if (this.#rows.length !== seats.length) {
      this.#rows = seats.map((_, seat) => row(seat));
      this.element.replaceChildren(...this.#rows.map(({ item }) => item));
    }
    for (const [seat, { item, who, away, hearts, lives }] of this.#rows.entries()) {
      const goat = world?.goats[seat];
      const left = goat?.lives ?? LIVES;
      item.classList.toggle("own", seat === own);
      item.classList.toggle("out", left === 0);
      item.classList.toggle("fallen", goat?.standing === "climbing");
      const occupant = seats[seat] ?? "free";
      const name = seat === own ? "you" : (names[seat] ?? occupant);
      say(who, name);
      // What does not fit is cut off.
      if (who.title !== name) who.title = name;
      item.dataset.who = occupant;
      say(away, occupant === "away" ? "away" : "");
      // A seat that nobody has has no lives yet.
      say(hearts, occupant === "free" ? "" : "♥".repeat(left) + "♡".repeat(LIVES - left));
      say(lives, occupant === "free" ? "" : `, ${left} of ${LIVES} lives`);
    }
  }
}

function row(seat: number): Row {
  const who = el("bdi", { class: "goat-who" });
  const away = el("span", { class: "goat-away" });
  const hearts = el("span", { class: "hearts", "aria-hidden": "true" });
  const lives = el("span", { class: "hidden-label" });
  const name = el(
    "span",
    { class: "goat-number" },
    el("span", { class: "hidden-label" }, "Goat "),
    String(seat + 1),
  );
  const item = el("li", {}, portrait(seat), name, who, away, lives, hearts);
  return { item, who, away, hearts, lives };
}

function portrait(seat: number): HTMLCanvasElement {
  const canvas = el("canvas", { class: "portrait", "aria-hidden": "true" });
  canvas.width = PORTRAIT;
  canvas.height = PORTRAIT;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const camera = { x: PORTRAIT * 0.46, y: PORTRAIT * 0.76, scale: PORTRAIT / 62 };
  drawGoat(context, camera, poseOf(standingGoat(0, 0, TURNED)), seat, DAY);
  return canvas;
}
