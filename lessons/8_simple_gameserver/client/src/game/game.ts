/** The game, which a server plays and this page shows: puts its parts together. */

import { now } from "../net/clock";
import { Announcer, description } from "./announcer";
import { Controls } from "./controls";
import { GameController } from "./controller";
import { ageOf, Hud } from "./hud";
import { LagPanel } from "./lag-panel";
import { Picture } from "./picture/picture";
import { Scoreboard } from "./scoreboard";
import { Sound } from "./sound";
import { type Phase, type Status, steers } from "./status";
import { caption } from "./captions";
import { TITLE } from "./title";
import { GameView } from "./view";
import { gathered, type World } from "./world";

/** From one look at the clock to the next, as long as there is a connection. In milliseconds. */
const CLOCK_MS = 100;

export class Game {
  readonly #view: GameView;
  readonly #controller: GameController;
  readonly #controls: Controls;
  readonly #picture: Picture;
  readonly #scoreboard = new Scoreboard();
  readonly #hud = new Hud();
  readonly #sound = new Sound();
  readonly #announcer: Announcer;
  #shown: World | null = null;
  #phaseSince = 0;
  #phase = "off";
  #clock: ReturnType<typeof setInterval> | undefined;
  #secondsLeft = 0;

  constructor() {
    this.#controller = new GameController(
      { status: (status) => this.#changed(status), news: () => this.#picture.request() },
      openSocket,
      () => document.hidden,
    );
    this.#view = new GameView(
      {
        play: () => this.#start("player"),
        watch: () => this.#start("watcher"),
        leave: () => this.#controller.leave(),
        sound: () => {
          this.#sound.switch();
          return this.#sound.on;
        },
      },
      [this.#scoreboard.element, this.#hud.element, new LagPanel(this.#controller.lag).element],
    );
    this.#picture = new Picture(this.#view.canvas, TITLE, () => this.#look());
    this.#controls = new Controls(this.#view, (input) => this.#controller.act(input));
    this.#announcer = new Announcer((text) => this.#view.speak(text), now);
    this.#changed(this.#controller.status);
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  #start(role: "player" | "watcher"): void {
    this.#controller.start(role);
    this.#view.enter();
  }

  /** The picture is about to be drawn: whatever came since the last one, the newest is what counts. */
  #look(): void {
    const look = this.#controller.look();
    if (look === null) return;
    const { seat, waitsFor } = this.#controller.status;
    const own = waitsFor === null ? seat : null;
    const wasOut = this.#isOut();
    this.#shown = look.world;
    this.#picture.show(look.world, own);
    this.#picture.happened(look.happened);
    this.#sound.happened(look.happened, own);
    this.#announcer.happened(look.happened, look.world, own);
    if (this.#isOut() !== wasOut) this.#changed(this.#controller.status);
  }

  #changed(status: Status): void {
    const { kind } = status.phase;
    const before = this.#phase;
    this.#phase = kind;
    if (kind !== before) this.#phaseSince = now();
    if (kind === "off" && before !== "off") this.#ended();
    if (kind !== "off" && before === "off") {
      this.#clock = setInterval(() => this.#passed(), CLOCK_MS);
      this.#picture.run(true);
    }
    if (kind === "gathering" || kind === "idle") this.#gathers(status);
    if (kind !== before) this.#announce(status.phase);
    if (status.phase.kind === "result" && before !== "result") this.#decided(status.phase.winner);
    this.#view.show(status, this.#isOut());
    this.#controls.enable(steers(status) && !this.#isOut());
    this.#passed();
  }

  #gathers({ seats, seat }: Status): void {
    this.#shown = null;
    this.#picture.show(gathered(seats.map((occupant) => occupant !== "free")), seat);
  }

  /** What the sentence above the picture does not say. */
  #announce(phase: Phase): void {
    if (phase.kind === "gathering") {
      const seconds = Math.ceil((phase.startsAt - now()) / 1000);
      this.#announcer.tell(`The match begins in ${seconds} seconds.`);
    } else if (phase.kind === "playing") this.#announcer.tell("Go!");
  }

  #decided(winner: number | null): void {
    this.#sound.fanfare();
    if (winner !== null) this.#picture.cheer();
  }

  #ended(): void {
    clearInterval(this.#clock);
    this.#announcer.clear();
    this.#shown = null;
    this.#picture.run(false);
    this.#picture.show(TITLE, null, false);
  }

  /** Time has passed: brings up to date what counts it. */
  #passed(): void {
    const { status, roundTripMs, age } = this.#controller;
    // Between two matches there is nothing that could be newer.
    const isPlayed = status.phase.kind === "playing";
    const ageMs = ageOf(isPlayed ? (age?.ms ?? null) : null, roundTripMs);
    const numbers = { tick: age?.tick ?? null, pingMs: roundTripMs, ageMs, server: status.server };
    this.#hud.show(numbers);
    const own = status.waitsFor === null ? status.seat : null;
    this.#scoreboard.show(status.seats, this.#shown, own);
    if (this.#shown !== null) this.#view.describe(description(this.#shown, own));
    const time = now();
    const isDeaf = steers(status) && !this.#isOut() && this.#view.isDeaf;
    const me = own === null ? null : (this.#shown?.goats[own] ?? null);
    this.#view.caption(caption(status, me, isDeaf, time, time - this.#phaseSince));
    this.#tick(status, time);
  }

  /** Lets the last seconds before a match be heard. */
  #tick({ phase }: Status, time: number): void {
    const left = phase.kind === "gathering" ? Math.ceil((phase.startsAt - time) / 1000) : 0;
    if (left < this.#secondsLeft && left > 0 && left <= 3) this.#sound.tick();
    this.#secondsLeft = left;
  }

  #isOut(): boolean {
    const { status } = this.#controller;
    const isMine = status.seat !== null && status.waitsFor === null;
    return isMine && this.#shown?.goats[status.seat ?? 0]?.standing === "out";
  }
}

/** A WebSocket to the game server of the host that this page came from. */
function openSocket(): WebSocket {
  const url = new URL("/game/ws", location.href);
  url.protocol = location.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  return socket;
}
