/** A goat as a body in space: of what parts it is made, and where they are when it walks, butts, or faints. */

import { GOAT_RADIUS } from "../world";
import { type Camera, project, RISE, TILT } from "./camera";
import { GOAT } from "./palette";

/** A point of a goat: forward, to its right, up. One is about the radius of a goat. */
export type Point = readonly [forward: number, right: number, up: number];

/** How a goat holds itself. */
export interface Pose {
  x: number;
  y: number;
  /** Above the ground, in pixels; below it while it falls. */
  z: number;
  /** Radians clockwise from the east. */
  facing: number;
  /** From 0 to 1: with the head down, to butt. */
  bowed: number;
  /** From 0 to 1: lying on its side with stiff legs. */
  fainted: number;
  /** Radians by which it turns over, head first. */
  tumble: number;
  /** Where in a step it is, in radians, and how long its steps are, from 0 to 1. */
  step: number;
  stride: number;
}

/** A round limb from one point to another. */
export interface Part {
  name: "body" | "other";
  from: Point;
  to: Point;
  thick: number;
  color: string;
}

/** Pixels in one of a goat's measures. */
export const SIZE = GOAT_RADIUS * 1.3;

/** The trunk: from its back end to its front end, and how thick it is. */
export const TRUNK = { from: [-0.62, 0, 0.8], to: [0.34, 0, 0.84], thick: 0.48 } as const;

/** Where the head turns when it is bowed. */
const NAPE = [0.62, 1.42] as const;

/** When a goat lies, it has turned so far, about this height. In radians, and in its measures. */
const [LYING, SPINE] = [1.35, 0.62];

/** The parts of a goat with this coat. */
export function parts(pose: Pose, coat: string): Part[] {
  const all: Part[] = [];
  const add = (
    from: Point,
    to: Point,
    thick: number,
    color: string,
    name: Part["name"] = "other",
  ) => all.push({ name, from, to, thick, color });
  const stiff = pose.fainted > 0.5;
  for (const [n, [forward, right]] of LEGS.entries()) {
    const swing = stiff ? forward * 0.35 : Math.sin(pose.step + (n % 3 === 0 ? 0 : Math.PI)) * 0.3;
    const foot = forward + (stiff ? swing : swing * pose.stride);
    const lift = stiff ? 0 : 0.12 * pose.stride * Math.max(0, Math.cos(pose.step + n));
    add([forward, right, 0.62], [foot, right, 0.2 + lift], 0.14, GOAT.leg);
    add([foot, right, 0.17 + lift], [foot + 0.03, right, 0.1 + lift], 0.15, GOAT.hoof);
  }
  add(TRUNK.from, TRUNK.to, TRUNK.thick, coat, "body");
  add([-1.02, 0, 1.0], [-1.16, 0, 1.26], 0.11, GOAT.face);
  const head = (forward: number, right: number, up: number) => bow(pose, forward, right, up);
  add([0.38, 0, 1.0], head(0.66, 0, 1.36), 0.29, coat);
  add(head(0.62, 0, 1.56), head(0.98, 0, 1.36), 0.34, GOAT.face);
  add(head(1.04, 0, 1.3), head(1.22, 0, 1.2), 0.23, GOAT.muzzle);
  add(head(1.0, 0, 1.06), head(0.94, 0, 0.82), 0.085, GOAT.face);
  for (const side of [-1, 1]) {
    const at = (forward: number, right: number, up: number) => head(forward, side * right, up);
    add(at(0.6, 0.3, 1.6), at(0.46, 0.64, 1.46), 0.115, GOAT.face);
    add(at(0.6, 0.15, 1.82), at(0.46, 0.24, 2.16), 0.15, GOAT.horn);
    add(at(0.46, 0.24, 2.16), at(0.12, 0.32, 2.3), 0.13, GOAT.horn);
    add(at(0.12, 0.32, 2.3), at(-0.16, 0.4, 2.1), 0.095, GOAT.hornShade);
    add(at(0.94, 0.27, 1.56), at(0.96, 0.28, 1.52), pose.fainted > 0.5 ? 0.05 : 0.1, GOAT.eye);
  }
  add(head(1.33, 0, 1.28), head(1.36, 0, 1.25), 0.085, GOAT.eye);
  return all;
}

/** Where a point of a goat is in the picture, and how near to whoever looks: the larger, the nearer. */
export function place(
  camera: Camera,
  pose: Pose,
  point: Point,
): [x: number, y: number, near: number] {
  const turn = pose.fainted * LYING;
  const [forward, right, up] = [point[0], point[1], point[2] - SPINE];
  // Over to its right …
  const lying = right * Math.cos(turn) + up * Math.sin(turn);
  const raised = up * Math.cos(turn) - right * Math.sin(turn);
  // … and head first.
  const ahead = forward * Math.cos(pose.tumble) + raised * Math.sin(pose.tumble);
  const above = raised * Math.cos(pose.tumble) - forward * Math.sin(pose.tumble);
  const high = (above + SPINE - 0.12 * pose.fainted) * SIZE + pose.z;
  const [cos, sin] = [Math.cos(pose.facing), Math.sin(pose.facing)];
  const x = pose.x + (ahead * cos - lying * sin) * SIZE;
  const y = pose.y + (ahead * sin + lying * cos) * SIZE;
  return [...project(camera, x, y, high), y * RISE + high * TILT];
}

const LEGS: readonly [forward: number, right: number][] = [
  [0.34, -0.28],
  [0.34, 0.28],
  [-0.6, -0.28],
  [-0.6, 0.28],
];

function bow({ bowed }: Pose, forward: number, right: number, up: number): Point {
  const angle = bowed * 0.85;
  const [ahead, above] = [forward - NAPE[0], up - NAPE[1]];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    NAPE[0] + 0.2 * bowed + ahead * cos + above * sin,
    right,
    NAPE[1] - 0.42 * bowed + above * cos - ahead * sin,
  ];
}
