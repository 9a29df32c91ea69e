/** A view for tests of the controller: it keeps what it was given to show. */

import type { Player } from "../net/player";
import type { Link } from "../net/socket";
import type { View } from "./controller";
import type { Here } from "./here";
import type { Outbox } from "./outbox";
import type { Timeline } from "./timeline";

export class FakeView implements View {
  link: Link | null = null;
  here: { names: string[]; count: number } | null = null;
  me: Player | null = null;
  /** Messages and notes, as they stand on the page. */
  lines: string[] = [];
  /** Texts that have not arrived yet, and their states. */
  outbox: string[] = [];
  readonly givenBack: string[] = [];
  readonly hushes: boolean[] = []; // lesson 7
  scrolls = 0;
  focuses = 0;

  connection(link: Link): void {
    this.link = link;
  }

  update(
    { items }: Timeline,
    { players, count }: Here,
    { entries }: Outbox,
    me: Player | null,
  ): void {
    this.here = { names: players.map(({ name }) => name), count };
    this.me = me;
    this.lines = items.map((item) => {
      return "note" in item ? item.note : `${item.message.author}: ${item.message.text}`;
    });
    this.outbox = entries.map(({ text, state }) => `${text} ${state}`);
  }

  // lesson 7
  hush(quiet: boolean): void {
    this.hushes.push(quiet);
  }

  toEnd(): void {
    this.scrolls += 1;
  }

  giveBack(text: string): void {
    this.givenBack.push(text);
  }

  focus(): void {
    this.focuses += 1;
  }
}
