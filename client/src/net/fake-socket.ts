/** A WebSocket for tests: the part of it that a connection uses, played by the test. */

export class FakeSocket {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: string[] = [];
  closed = false;

  send(frame: string): void {
    this.sent.push(frame);
  }

  close(): void {
    this.closed = true;
  }

  /** The replica sends a frame. */
  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  welcome(replica = "webserver-1", player = "ada"): void {
    this.receive({ type: "welcome", replica, name: "Somebody", player });
  }
}

/** Makes sockets, and keeps them for the test. */
export class FakeSockets {
  readonly opened: FakeSocket[] = [];

  open(): WebSocket {
    const socket = new FakeSocket();
    this.opened.push(socket);
    return socket as unknown as WebSocket;
  }

  /** The one that was opened last. */
  get last(): FakeSocket {
    const socket = this.opened.at(-1);
    if (!socket) throw new Error("nothing was opened");
    return socket;
  }
}
