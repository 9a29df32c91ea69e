/** A message in the strip: a mark where it was taken, one where it was delivered, and a thread between them. */

import { el } from "../dom";
import type { Message } from "../net/message";
import type { Column, Mark } from "./strip";
import "./delivery.css";

/** The marks and the words for `message`, which `to` delivered to this page. */
export function describeDelivery(message: Message, to: string): [Mark[], string] {
  const marks: Mark[] = [{ lane: message.replica, look: "taken", big: true }];
  if (to !== message.replica) marks.push({ lane: to, look: "delivered", big: true });
  return [marks, `${message.author}: ${message.replica} → Redis → ${to}`];
}

/** Draws a thread between the two lanes of one event, through those that lie between them. */
export function drawThread(list: HTMLElement, { n, marks }: Column): void {
  const lanes = [...list.children];
  const names = lanes.map((item) => item.getAttribute("data-replica"));
  const at = marks.map(({ lane }) => names.indexOf(lane));
  const [top, bottom] = [Math.min(...at), Math.max(...at)];
  for (let lane = top; lane <= bottom && top < bottom; lane++) {
    const end = lane === top ? "begin" : lane === bottom ? "end" : "";
    const line = el("span", { class: `mark thread ${end}`, "data-n": String(n) });
    line.style.setProperty("--n", String(n));
    lanes[lane]?.querySelector(".track")?.prepend(line);
  }
}
