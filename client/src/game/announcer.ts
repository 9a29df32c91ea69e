/** Tells in words what is to be seen, for whoever hears the page: not more than can be listened to. */

import type { Happening } from "./happenings";
import { goat } from "./sentences";
import type { World } from "./world";

/** From one text to the next, at least. In milliseconds. */
const PAUSE_MS = 2000;

/** Sentences of one text. Of more, the last ones count: they are what holds now. */
const MOST = 3;

/** Nearer to the edge than this, in pixels, a goat is warned, and farther than the second, it is safe again. */
const [NEAR, SAFE] = [36, 70];

export class Announcer {
  readonly #speak: (text: string) => void;
  readonly #now: () => number;
  #sentences: string[] = [];
  #spokenAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #warned = false;

  /** `speak` puts a text where it is read out; `now` counts milliseconds. */
  constructor(speak: (text: string) => void, now: () => number) {
    this.#speak = speak;
    this.#now = now;
  }

  /** Tells what concerns the goat of seat `own`, and which other goats are out. */
  happened(happened: readonly Happening[], world: World, own: number | null): void {
    for (const one of happened) {
      const text = one.seat === own ? aboutMe(one) : aboutOther(one, world);
      if (text !== "") this.tell(text);
    }
    if (own !== null) this.#warn(world, own);
  }

  /** Tells a sentence, at once or as soon as the one before has been heard. */
  tell(sentence: string): void {
    this.#sentences = [...this.#sentences.filter((one) => one !== sentence), sentence].slice(-MOST);
    const wait = this.#spokenAt + PAUSE_MS - this.#now();
    clearTimeout(this.#timer);
    if (wait <= 0) this.#speakAll();
    else this.#timer = setTimeout(() => this.#speakAll(), wait);
  }

  /** Forgets what was not told yet. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#sentences = [];
    this.#warned = false;
  }

  #speakAll(): void {
    this.#spokenAt = this.#now();
    this.#speak(this.#sentences.join(" "));
    this.#sentences = [];
  }

  #warn(world: World, own: number): void {
    const me = world.goats[own];
    if (me?.standing !== "up") return;
    const left = world.radius - Math.hypot(me.x, me.y);
    if (left < NEAR && !this.#warned) this.tell(`The edge is near, to the ${side(me.x, me.y)}.`);
    if (left < NEAR || left > SAFE) this.#warned = left < NEAR;
  }
}

/** What the picture shows, in a sentence. */
export function description(world: World, own: number | null): string {
  const left = world.goats.filter(({ standing }) => standing !== "out").length;
  const all = `A mountaintop with ${left === 1 ? "one goat" : `${left} goats`}.`;
  const me = own === null ? undefined : world.goats[own];
  if (!me || own === null) return all;
  if (me.standing === "out") return `${all} Yours, ${goat(own)}, is out.`;
  return `${all} Yours is ${goat(own)}, with ${lives(me.lives)}.`;
}

function aboutMe(one: Happening): string {
  switch (one.kind) {
    case "hit":
      return one.by === null ? "You were hit." : `You were hit by ${goat(one.by)}.`;
    case "fell":
      return one.lives === 0 ? "You fell, and are out." : `You fell. ${lives(one.lives)} left.`;
    case "back":
      return "You are back on the mountain.";
    default:
      return "";
  }
}

function aboutOther(one: Happening, world: World): string {
  if (one.kind !== "fell" || one.lives > 0) return "";
  const left = world.goats.filter(({ standing }) => standing !== "out").length;
  return `${goat(one.seat).replace("g", "G")} is out. ${left} left.`;
}

function lives(count: number): string {
  return count === 1 ? "1 life" : `${count} lives`;
}

/** `east`, `south-east`, … */
function side(x: number, y: number): string {
  const eighth = Math.round((Math.atan2(y, x) / Math.PI) * 4 + 8) % 8;
  return SIDES[eighth] ?? "";
}

const SIDES = [
  "east",
  "south-east",
  "south",
  "south-west",
  "west",
  "north-west",
  "north",
  "north-east",
];
