/** A view for tests of the controller: it keeps what it was given to show. */

import type { Link } from "../net/socket";
import type { View } from "./controller";
import type { Outbox } from "./outbox";
import type { Timeline } from "./timeline";

export class FakeView implements View {
  link: Link | null = null;
  here: { names: readonly string[]; count: number; name: string | null } | null = null;
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

  presence(names: readonly string[], count: number, name: string | null): void {
    this.here = { names, count, name };
  }

  update({ items }: Timeline, { entries }: Outbox): void {
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
