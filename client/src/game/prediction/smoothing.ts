/** What a correction moves is not seen as a jump: it is left at first where it was drawn, and taken to its place in a moment. */

/** So long that takes, in milliseconds, for what is at most so many pixels off, and longer for more. */
const [SMOOTH_MS, SHORT] = [100, 22];

/** What is farther off than this jumps, in pixels: a slide would be no better. */
const MOST = 80;

interface Place {
  x: number;
  y: number;
}

interface Offset extends Place {
  since: number;
  ms: number;
}

export class Smoothing {
  #offsets: Offset[] = [];

  /** How far from its place the goat of a seat is drawn at `time`, in pixels. */
  at(seat: number, time: number): Place {
    const offset = this.#offsets[seat];
    if (offset === undefined) return { x: 0, y: 0 };
    const left = Math.max(0, 1 - (time - offset.since) / offset.ms) ** 2;
    return { x: offset.x * left, y: offset.y * left };
  }

  /** At `time` it was drawn at `before`, and belongs to `after`. */
  correct(seat: number, time: number, before: Place, after: Place): void {
    const [x, y] = [before.x - after.x, before.y - after.y];
    const far = Math.hypot(x, y);
    const ms = SMOOTH_MS * Math.max(1, far / SHORT);
    if (far > MOST) this.jump(seat);
    else this.#offsets[seat] = { x, y, since: time, ms };
  }

  /** From now on it is drawn where it belongs. */
  jump(seat: number): void {
    delete this.#offsets[seat];
  }

  forget(): void {
    this.#offsets = [];
  }
}
