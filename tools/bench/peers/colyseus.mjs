// A game server on Colyseus, as its documentation writes one: the state is a schema, and the framework sends what has changed of it.
//
//   node dist/colyseus.mjs PORT

import { Room, Server } from "@colyseus/core";
import { schema } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { Match, SEATS, TICK_MS } from "./match.mjs";

const Goat = schema({
  x: "int16",
  y: "int16",
  vx: "int16",
  vy: "int16",
  facing: "uint8",
  charge: "uint8",
  lunge: "uint8",
  force: "uint8",
  fainted: "uint8",
  lives: "uint8",
  ticksLeft: "uint8",
  lastInput: "uint16",
});
const NUMBERS = ["x", "y", "vx", "vy", "facing", "charge", "lunge", "force", "fainted", "lives", "ticksLeft"];

const State = schema({ tick: "uint32", radius: "uint16", goats: [Goat] });

let seed = 0;

class Mountain extends Room {
  maxClients = SEATS;
  state = new State();
  #match = new Match(++seed);
  #seats = new Map();

  onCreate() {
    for (let seat = 0; seat < SEATS; seat++) this.state.goats.push(new Goat());
    this.setPatchRate(TICK_MS);
    this.setSimulationInterval(() => {
      if (this.#seats.size === SEATS) this.#tick();
    }, TICK_MS);
    this.onMessage("input", (client, { direction, hold, sequence }) => {
      const seat = this.#seats.get(client.sessionId);
      this.#match.hear(seat, direction < 32 ? direction : null, hold, sequence);
      this.state.goats[seat].lastInput = sequence;
    });
  }

  onJoin(client) {
    this.#seats.set(client.sessionId, this.#seats.size);
  }

  #tick() {
    this.#match.tick();
    const { tick, radius, goats } = this.#match.state;
    this.state.tick = tick;
    this.state.radius = radius;
    goats.forEach((goat, seat) => {
      const shown = this.state.goats[seat];
      for (const number of NUMBERS) shown[number] = goat[number];
    });
  }
}

const server = new Server({ transport: new WebSocketTransport({ perMessageDeflate: false }), greet: false });
server.define("mountain", Mountain);
await server.listen(Number(process.argv[2]), "127.0.0.1");
