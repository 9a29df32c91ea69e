/** The bots of `crates/game/src/bot.rs`, for tests: what plays against a page there plays against one here. */

import { DIRECTIONS, eastward, ONE, southward, towards, turned } from "../rules/directions";
import { length, mix, quotient } from "../rules/integers";
import { GOAT_RADIUS, type Goat, type Input, lungeTicks, type State, UNITS } from "../rules/state";
import { NEUTRAL } from "../wire";

const [WHIM, SLIP, GLANCE] = [24, 6, 8];
const [NEAR, TOO_NEAR] = [9 * GOAT_RADIUS, (5 * GOAT_RADIUS) / 2];

/** What a bot does with the goat of `seat` in this state. */
export function bot(seed: number, state: State, seat: number): Input {
  const goat = state.goats[seat];
  if (goat?.standing !== "up") return NEUTRAL;
  const own = mix(seed, 100 + seat);
  const oneOf = (salt: number, count: number) => mix(own, salt) % count;
  const tick = state.tick + (own % WHIM);
  const whim = mix(own, 1000 + quotient(tick, WHIM));
  const clumsiness = 1 + oneOf(1, 3);
  const self: Bot = {
    goat,
    radius: state.radius,
    patience: 6 + oneOf(2, 14),
    delay: 2 + oneOf(4, 5),
    slip: oneOf(10_000 + quotient(tick, SLIP), 2 * clumsiness + 1) - clumsiness,
    whim,
    isAlert: whim % 6 === 0,
    isQuick: oneOf(20_000 + quotient(tick, GLANCE), 5) < 2,
  };
  const caution = (20 + oneOf(3, 30)) * UNITS;
  const soon = length(goat.x + 3 * goat.vx, goat.y + 3 * goat.vy);
  if (soon > state.radius - caution) return flee(self);
  const strolls = Math.floor(whim / 8) % 4 === 0;
  if (strolls && goat.charge === 0) {
    const turn = Math.floor(whim / 64) % DIRECTIONS;
    return { direction: turned(directionTo(goat, 0, 0), turn), hold: false };
  }
  const reluctance = (other: number, foe: Goat) =>
    length(foe.x - goat.x, foe.y - goat.y) + (mix(whim, other) % 100) * UNITS;
  let [nearest, least]: [Goat | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const [other, foe] of state.goats.entries()) {
    if (other === seat || foe.standing !== "up") continue;
    const is = reluctance(other, foe);
    if (is < least) [nearest, least] = [foe, is];
  }
  if (nearest === null) return wait(self);
  return seesComing(self, nearest) ? dodge(self, nearest) : hunt(self, nearest);
}

interface Bot {
  goat: Goat;
  radius: number;
  patience: number;
  delay: number;
  slip: number;
  whim: number;
  isAlert: boolean;
  isQuick: boolean;
}

function flee({ goat, slip, radius }: Bot): Input {
  const inwards = turned(directionTo(goat, 0, 0), slip);
  return { direction: inwards, hold: goat.charge > 0 && !isSafe(goat, inwards, radius) };
}

function wait({ goat, slip }: Bot): Input {
  const isFar = length(goat.x, goat.y) > 3 * GOAT_RADIUS;
  return { direction: isFar ? turned(directionTo(goat, 0, 0), slip) : null, hold: false };
}

function seesComing({ goat, isAlert }: Bot, foe: Goat): boolean {
  const aim = Math.abs(foe.facing - directionTo(foe, goat.x, goat.y));
  const isAimed = aim <= 2 || aim >= DIRECTIONS - 2;
  const isLoaded = foe.lunge > 0 || foe.charge > 6;
  return isAlert && isAimed && isLoaded && length(goat.x - foe.x, goat.y - foe.y) < NEAR;
}

function dodge({ goat, whim }: Bot, foe: Goat): Input {
  const aside = whim % 4 < 2 ? 9 : -9;
  return { direction: turned(directionTo(goat, foe.x, foe.y), aside), hold: goat.charge > 0 };
}

function hunt({ goat, delay, slip, radius, isQuick, patience }: Bot, foe: Goat): Input {
  const [x, y] = [foe.x - delay * foe.vx, foe.y - delay * foe.vy];
  const distance = length(x - goat.x, y - goat.y);
  if (distance > NEAR) {
    const inside = directionTo(goat, quotient(x * 3, 4), quotient(y * 3, 4));
    return { direction: turned(inside, slip), hold: goat.charge > 0 };
  }
  const aim = turned(directionTo(goat, x, y), slip);
  const reach = lungeSpeed(goat.charge) * lungeTicks(goat.charge) + GOAT_RADIUS;
  const isReady = isQuick && goat.charge >= patience;
  const letsGo = isReady && distance < reach && (distance < TOO_NEAR || isSafe(goat, aim, radius));
  return { direction: aim, hold: !letsGo };
}

function isSafe(goat: Goat, direction: number, radius: number): boolean {
  const way = lungeSpeed(goat.charge) * (lungeTicks(goat.charge) + 2);
  const x = goat.x + quotient(eastward(direction) * way, ONE);
  return length(x, goat.y + quotient(southward(direction) * way, ONE)) < radius;
}

function lungeSpeed(force: number): number {
  return 8 * UNITS + quotient(force * UNITS, 2);
}

function directionTo(goat: Goat, x: number, y: number): number {
  return towards(x - goat.x, y - goat.y);
}
