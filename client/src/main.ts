/** Puts the parts of the page together. */

import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./panel/panel.css";
import { Chat } from "./chat/chat";
import { byId } from "./dom";
import { Game } from "./game/game";
import { Api } from "./net/api";
import { Heartbeat } from "./net/heartbeat";
import { Login } from "./panel/login";
import { Panel } from "./panel/panel";
import { Recognition } from "./panel/recognition";

/** From one pair of questions to the next. In milliseconds. */
const BEAT_MS = 1000;

let frame = 0;
const recognition = new Recognition();
const panel = new Panel(recognition, show);
const api = new Api((answer) => panel.called(answer));
const login = new Login(api, recognition, () => {
  showNow();
  login.focus();
  if (recognition.player !== null) chat.focus(); // lesson 4
});
const chat = new Chat(api, panel, recognition); // lesson 4

const heartbeat = new Heartbeat(BEAT_MS, async () => {
  // In a fixed order, two replicas that take turns would each hear one of the questions only.
  const questions = Math.random() < 0.5 ? [askWho, askMe] : [askMe, askWho];
  for (const ask of questions) if (!heartbeat.paused) await ask(true);
});

byId("system", HTMLElement).after(chat.element); // lesson 4
byId("system", HTMLElement).before(new Game().element); // lesson 8
byId("ask-who", HTMLButtonElement).addEventListener("click", () => askWho(false));
byId("ask-me", HTMLButtonElement).addEventListener("click", () => askMe(false));
panel.control(heartbeat);
showNow();
heartbeat.start();

async function askWho(automatic: boolean): Promise<void> {
  const answer = await api.whoami({ automatic });
  if (answer.ok) panel.met(answer.value);
  show();
}

async function askMe(automatic: boolean): Promise<void> {
  const era = recognition.era;
  const answer = await api.me({ automatic });
  const { replica } = answer.call;
  if (replica === null) return;
  if (answer.ok) recognition.answered(replica, answer.value, era);
  else recognition.failed(replica);
  show();
}

/** Shows the news with the next picture: several at once cost no more than one. */
function show(): void {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(showNow);
}

function showNow(): void {
  const player = recognition.loggedInWith(panel.replicas) ? recognition.player : null;
  login.show(player?.name ?? null, recognition.settled);
  chat.show(player, recognition.settled); // lesson 4
  panel.show();
}
