// So many players on Colyseus, by its own client library. Says "ready" when all are in, and each second how many states they were told.
//
//   node dist/colyseus-clients.mjs PORT CLIENTS INPUTS-A-SECOND

import { Client } from "@colyseus/sdk";

const [port, count, inputs] = process.argv.slice(2).map(Number);
let states = 0;

for (let number = 0; number < count; number++) {
  const room = await new Client(`ws://127.0.0.1:${port}`).joinOrCreate("mountain");
  room.onStateChange(() => {
    states++;
  });
  let sequence = 0;
  setInterval(() => {
    sequence = (sequence + 1) % 65536;
    room.send("input", { direction: (sequence * 7 + number) % 32, hold: sequence % 3 > 0, sequence });
  }, 1000 / inputs);
}
console.log("ready");
setInterval(() => console.log(states), 1000);
