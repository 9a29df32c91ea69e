/** From where the mountain is seen: from the south and from above. */

import { MAX_RADIUS } from "../world";

/** What lies on the ground looks so much shorter from north to south … */
export const TILT = 0.74;

/** … and what stands upright so much shorter from its foot to its top. */
export const RISE = 0.68;

/** Of the picture's width and height, so much may the mountaintop take. */
const [WIDE, HIGH] = [0.94, 0.735];

/** While the mountain shrinks, the camera comes nearer, but less: what is left still looks smaller. */
const COMES_NEARER = 0.55;

export interface Camera {
  /** The middle of the mountaintop, in device pixels. */
  readonly x: number;
  readonly y: number;
  /** Device pixels in a pixel of the world. */
  readonly scale: number;
}

/** The camera for a picture of so many device pixels in which the mountaintop has this radius. */
export function cameraFor(width: number, height: number, radius: number): Camera {
  const seen = MAX_RADIUS + (radius - MAX_RADIUS) * COMES_NEARER;
  const scale = Math.min((width * WIDE) / (2 * seen), (height * HIGH) / (2 * TILT * seen));
  return { x: width / 2, y: height * 0.5, scale };
}

/** Where a point of the world is in the picture, `z` pixels above the ground. */
export function project(camera: Camera, x: number, y: number, z = 0): [number, number] {
  return [camera.x + x * camera.scale, camera.y + (y * TILT - z * RISE) * camera.scale];
}

/** Adds a circle that lies on the ground to the path of `context`. */
export function circleOnGround(
  context: CanvasRenderingContext2D,
  camera: Camera,
  x: number,
  y: number,
  radius: number,
  from = 0,
  to = 2 * Math.PI,
): void {
  const [px, py] = project(camera, x, y);
  const size = Math.max(0, radius * camera.scale);
  context.ellipse(px, py, size, size * TILT, 0, from, to);
}
