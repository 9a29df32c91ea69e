/** A state as bytes, which a server sends in each tick. `crates/game/src/snapshot.rs` says what stands where. */

import { DIRECTIONS } from "./directions";
import {
  CLIMB_TICKS,
  type Goat,
  LIVES,
  MAX_CHARGE,
  MAX_FAINT,
  MAX_LUNGE,
  MAX_PLACE,
  MAX_RADIUS,
  MAX_SEATS,
  MAX_SPEED,
  MAX_TICKS,
  MIN_RADIUS,
  MIN_SEATS,
  type Standing,
  type State,
} from "./state";

/** What a client is told in a tick. */
export interface Snapshot {
  /** Which match this is: 0 to 65535, and then 0 again. */
  match: number;
  state: State;
  /** For each seat the sequence number of the last input that was taken of it. */
  lastInputs: number[];
}

/** The first byte of every snapshot. */
const KIND = 2;

const HEAD_BYTES = 10;
const SEAT_BYTES = 14;

/** Marks the ticks that are left to climb. */
const CLIMBING = 128;

/** Reads a snapshot; null if it is none, or holds what the rules cannot lead to. */
export function decode(bytes: ArrayBuffer): Snapshot | null {
  const view = new DataView(bytes);
  if (view.byteLength < HEAD_BYTES || view.getUint8(0) !== KIND) return null;
  const tick = view.getUint32(3, true);
  const radius = view.getUint16(7, true);
  const seats = view.getUint8(9);
  if (seats < MIN_SEATS || seats > MAX_SEATS) return null;
  if (view.byteLength !== HEAD_BYTES + seats * SEAT_BYTES) return null;
  if (tick > MAX_TICKS || radius < MIN_RADIUS || radius > MAX_RADIUS) return null;
  const goats: Goat[] = [];
  const lastInputs: number[] = [];
  for (let seat = 0; seat < seats; seat++) {
    const at = HEAD_BYTES + seat * SEAT_BYTES;
    const goat = goatAt(view, at);
    if (!isPossible(goat)) return null;
    goats.push(goat);
    lastInputs.push(view.getUint16(at + 12, true));
  }
  return { match: view.getUint16(1, true), state: { tick, radius, goats }, lastInputs };
}

function goatAt(view: DataView, at: number): Goat {
  const facingAndLives = view.getUint8(at + 8);
  const lungeAndForce = view.getUint8(at + 10);
  const ticks = view.getUint8(at + 11);
  const lives = facingAndLives >> 5;
  return {
    x: view.getInt16(at, true),
    y: view.getInt16(at + 2, true),
    vx: view.getInt16(at + 4, true),
    vy: view.getInt16(at + 6, true),
    facing: facingAndLives % DIRECTIONS,
    charge: view.getUint8(at + 9),
    lunge: lungeAndForce & 7,
    force: lungeAndForce >> 3,
    fainted: ticks < CLIMBING ? ticks : 0,
    lives,
    standing: standing(lives, ticks),
    ticksLeft: ticks < CLIMBING ? 0 : ticks - CLIMBING,
  };
}

function standing(lives: number, ticks: number): Standing {
  if (ticks >= CLIMBING) return "climbing";
  return lives > 0 ? "up" : "out";
}

function isPossible(goat: Goat): boolean {
  const isClimbing = goat.standing === "climbing";
  return (
    Math.max(Math.abs(goat.x), Math.abs(goat.y)) <= MAX_PLACE &&
    Math.max(Math.abs(goat.vx), Math.abs(goat.vy)) <= MAX_SPEED &&
    goat.charge <= MAX_CHARGE &&
    goat.lunge <= MAX_LUNGE &&
    goat.force <= MAX_CHARGE &&
    (goat.lunge === 0) === (goat.force === 0) &&
    goat.lives <= LIVES &&
    goat.fainted <= (goat.lives > 0 ? MAX_FAINT : 0) &&
    isClimbing === goat.ticksLeft > 0 &&
    goat.ticksLeft <= CLIMB_TICKS &&
    !(isClimbing && goat.lives === 0)
  );
}
