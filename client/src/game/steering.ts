/** What keys and fingers mean as an input. No DOM, no clock. */

import type { Input } from "./wire";

/** Directions in a circle. */
const DIRECTIONS = 32;

/** A stick that is moved by less than this part of its way points nowhere. */
const DEAD_ZONE = 0.25;

/** Where each key steers, by its place on the keyboard: a French one has other letters there. */
const STEERS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  KeyW: [0, -1],
  KeyS: [0, 1],
  KeyA: [-1, 0],
  KeyD: [1, 0],
};

/** The key that is held to charge, and released to butt. */
const BUTT = "Space";

/** Whether the game has a use for the key with this `code`. */
export function isGameKey(code: string): boolean {
  return code === BUTT || code in STEERS;
}

/** What is done while these keys are down, by their `code`. Opposite ones cancel each other. */
export function inputOfKeys(down: ReadonlySet<string>): Input {
  const axis = (n: 0 | 1) => {
    const of = [...down].map((code) => STEERS[code]?.[n] ?? 0);
    return Math.sign(Math.max(0, ...of) + Math.min(0, ...of));
  };
  const [x, y] = [axis(0), axis(1)];
  return { direction: x === 0 && y === 0 ? null : directionOf(x, y), hold: down.has(BUTT) };
}

/** The direction of a stick. `x` and `y`: how far it is moved, as a part of its way; y grows downwards. */
export function directionOfStick(x: number, y: number): number | null {
  return Math.hypot(x, y) < DEAD_ZONE ? null : directionOf(x, y);
}

/** Several ways to say it at once: a direction from the first that has one, the butt from any. */
export function combined(inputs: readonly Input[]): Input {
  const steering = inputs.find(({ direction }) => direction !== null);
  return { direction: steering?.direction ?? null, hold: inputs.some(({ hold }) => hold) };
}

function directionOf(x: number, y: number): number {
  const turns = Math.atan2(y, x) / (2 * Math.PI);
  return (Math.round(turns * DIRECTIONS) + DIRECTIONS) % DIRECTIONS;
}
