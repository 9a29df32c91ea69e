/** The game, which a server plays and this page shows: puts its parts together, and the lobby, which leads to it. */

import { Lobby } from "../lobby/lobby";
import { el } from "../dom";
import { now } from "../net/clock";
import { Announcer, description } from "./announcer";
import { Controls } from "./controls";
import { GameController } from "./controller";
import { ageOf, Hud } from "./hud";
import { LagPanel } from "./lag-panel";
import { Picture } from "./picture/picture";
import { Scoreboard } from "./scoreboard";
import { Sound } from "./sound";
import { sentence } from "./sentences";
import { isIn, type Phase, type Status, steers } from "./status";
import { caption } from "./captions";
import { TITLE } from "./title";
import { GameView } from "./view";
import { gathered, type World, withAway } from "./world";

/** What the picture shows before a match. */
const NOT_BEGUN = "A mountaintop. The match has not begun yet.";

/** From one look at the clock to the next, as long as there is a connection. In milliseconds. */
const CLOCK_MS = 100;

export class Game {
  readonly #lobby: Lobby;
  readonly #view: GameView;
  readonly #controller: GameController;
  readonly #controls: Controls;
  readonly #picture: Picture;
  /** What the server said last. */
  readonly #told: Picture;
  readonly #scoreboard = new Scoreboard();
  readonly #hud = new Hud();
  readonly #sound = new Sound();
  readonly #announcer: Announcer;
  #shown: World | null = null;
  #phaseSince = 0;
  #phase = "off";
  #clock: ReturnType<typeof setInterval> | undefined;
  #secondsLeft = 0;
  #seatedMs: number | null = null;
  #isBack = false;
  #compares = false;

  constructor() {
    this.#lobby = new Lobby({
      enter: ({ path, ticket }, role) => this.#controller.start(role, path, ticket),
      changed: () => this.#lobbyChanged(),
    });
    this.#controller = new GameController(
      {
        status: (status) => this.#changed(status),
        news: () => this.#news(),
        arrived: () => this.#arrived(),
        turnedAway: (by) => this.#lobby.turnedAway(by),
        over: (why) => this.#lobby.over(why),
      },
      openSocket,
      () => document.hidden,
    );
    this.#view = new GameView(
      {
        leave: () => this.#leave(),
        sound: () => {
          this.#sound.switch();
          return this.#sound.on;
        },
      },
      this.#lobby.element,
      [
        this.#scoreboard.element,
        this.#hud.element,
        el(
          "div",
          { class: "folds" },
          this.#lobby.fleet.element,
          new LagPanel(this.#controller.lag, (on) => this.#compare(on)).element,
        ),
      ],
    );
    this.#picture = new Picture(this.#view.canvas, TITLE, () => this.#look());
    this.#told = new Picture(this.#view.toldCanvas, TITLE);
    this.#controls = new Controls(this.#view, (input) => this.#controller.act(input));
    this.#announcer = new Announcer((text) => this.#view.speak(text), now);
    this.#changed(this.#controller.status);
  }

  get element(): HTMLElement {
    return this.#view.element;
  }

  #arrived(): void {
    this.#seatedMs = this.#lobby.arrived();
    this.#isBack = true;
    this.#view.enter();
  }

  #lobbyChanged(): void {
    // Nobody wants to go any more where this page is on its way to.
    const isOnItsWay = this.#controller.status.phase.kind === "connecting";
    if (isOnItsWay && !this.#lobby.isAsking) this.#controller.leave();
    else this.#show();
  }

  #leave(): void {
    const { role, matchId } = this.#controller.status;
    this.#controller.leave();
    if (role === "player") this.#lobby.leave(matchId);
    else this.#lobby.over("");
  }

  /** The picture is about to be drawn. */
  #look(): void {
    const look = this.#controller.look();
    if (look === null) return;
    const { seat: own, names } = this.#controller.status;
    const wasOut = this.#isOut();
    this.#shown = look.world;
    this.#picture.show(this.#withAway(look.world), own, names);
    this.#picture.happened(look.happened);
    this.#sound.happened(look.happened, own);
    this.#announcer.happened(look.certain, look.world, own);
    if (this.#isOut() !== wasOut) this.#changed(this.#controller.status);
  }

  #news(): void {
    this.#picture.request();
    const { newest, status } = this.#controller;
    if (!this.#compares || newest === null) return;
    this.#told.show(this.#withAway(newest), status.seat, status.names);
  }

  #compare(on: boolean): void {
    this.#compares = on;
    this.#view.compare(on);
    this.#news();
  }

  #withAway(world: World): World {
    const { seats } = this.#controller.status;
    return withAway(
      world,
      seats.map((occupant) => occupant === "away"),
    );
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
    // What is left of the match before is no picture of the next one.
    if (kind === "connecting") this.#shown = null;
    if (kind === "gathering" || kind === "idle") this.#gathers(status);
    if (kind !== before) this.#announce(status.phase);
    if (status.phase.kind === "result" && before !== "result") this.#decided(status.phase.winner);
    this.#show();
    this.#controls.enable(steers(status) && !this.#isOut());
    this.#passed();
  }

  #show(): void {
    const { status } = this.#controller;
    const isOut = this.#isOut();
    const isOff = !isIn(status);
    const { kind } = status.phase;
    const mayPlayAgain = isOut || kind === "result" || kind === "cancelled";
    const isLobbys = isOff || this.#lobby.isAsking;
    const text = isLobbys ? this.#lobby.sentence : sentence(status, isOut);
    this.#view.keepFocus(
      () => {
        this.#lobby.show({ isOff, mayPlayAgain, isBack: this.#isBack });
        this.#lobby.fleet.show(status.server);
        this.#view.show(status, text, isOut);
      },
      () => this.#lobby.focus() || this.#view.focus(),
    );
  }

  #gathers({ seats, seat, names }: Status): void {
    this.#shown = null;
    this.#picture.show(gathered(seats.map((occupant) => occupant !== "free")), seat, names);
  }

  /** What the sentence above the picture does not say. */
  #announce(phase: Phase): void {
    if (phase.kind === "gathering") {
      const seconds = Math.ceil((phase.startsAt - now()) / 1000);
      this.#announcer.tell(`The match begins in ${seconds} seconds.`);
    } else if (phase.kind === "playing") this.#announcer.tell("Go!");
  }

  #decided(winner: number | null): void {
    this.#lobby.look();
    this.#sound.fanfare();
    if (winner !== null) this.#picture.cheer();
  }

  #ended(): void {
    clearInterval(this.#clock);
    this.#announcer.clear();
    this.#shown = null;
    this.#picture.run(false);
    this.#picture.show(TITLE, null, null);
    this.#told.show(TITLE, null, null);
  }

  /** Time has passed: brings up to date what counts it. */
  #passed(): void {
    const { status, roundTripMs, age, shares } = this.#controller;
    // Between two matches there is nothing that could be newer.
    const isPlayed = status.phase.kind === "playing";
    const ageMs = ageOf(isPlayed ? (age?.ms ?? null) : null, roundTripMs);
    const { server, seat: own } = status;
    const tick = age?.tick ?? null;
    this.#hud.show({ tick, pingMs: roundTripMs, ageMs, server, seatedMs: this.#seatedMs, shares });
    this.#scoreboard.show(status, this.#shown);
    if (this.#shown !== null) this.#view.describe(description(this.#shown, own));
    else if (status.phase.kind === "gathering") this.#view.describe(NOT_BEGUN);
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
    return status.seat !== null && this.#shown?.goats[status.seat]?.standing === "out";
  }
}

/** A WebSocket to `path` of the host that this page came from. */
function openSocket(path: string): WebSocket {
  const url = new URL(path, location.href);
  url.protocol = location.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  return socket;
}
