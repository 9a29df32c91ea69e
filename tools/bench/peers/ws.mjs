// A game server over `ws`, the usual WebSocket library of Node: the same rules, the same frames, and nothing around them.
//
//   node dist/ws.mjs PORT

import { WebSocketServer } from "ws";
import { Match, SEATS, TICK_MS } from "./match.mjs";

const rooms = [];
const server = new WebSocketServer({ host: "127.0.0.1", port: Number(process.argv[2]), perMessageDeflate: false });

server.on("connection", (socket) => {
  let room = rooms.at(-1);
  if (room === undefined || room.sockets.length === SEATS) {
    room = { match: new Match(rooms.length + 1), sockets: [] };
    rooms.push(room);
  }
  const seat = room.sockets.push(socket) - 1;
  if (room.sockets.length === SEATS) setInterval(() => tick(room), TICK_MS);
  socket.on("message", (data, isBinary) => {
    if (!isBinary || data.length !== 8) return;
    const direction = data[1] < 32 ? data[1] : null;
    room.match.hear(seat, direction, data[2] === 1, data.readUInt16LE(4));
  });
});

function tick({ match, sockets }) {
  match.tick();
  const snapshot = match.encode();
  for (const socket of sockets) if (socket.readyState === 1) socket.send(snapshot);
}
