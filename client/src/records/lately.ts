/** The answers that this page got lately and that were slow or a refusal, so that nobody has to look for their ids. */

import type { Heard } from "../net/fetch";
import { isId } from "./query";

/** An answer that takes longer is slow. In milliseconds. */
export const SLOW_MS = 250;

const KEPT = 5;

export interface Met extends Heard {
  requestId: string;
  /** Counts from 1 and never repeats. */
  n: number;
}

export class Lately {
  #all: Met[] = [];
  #next = 1;

  /** The newest first. */
  get all(): readonly Met[] {
    return this.#all;
  }

  /** Whether that was one of them. Without an id nobody can look for it. */
  heard(answer: Heard): boolean {
    const { requestId, status, ms } = answer;
    if (requestId === null || !isId(requestId)) return false;
    if (status < 400 && ms < SLOW_MS) return false;
    this.#all = [{ ...answer, requestId, n: this.#next++ }, ...this.#all].slice(0, KEPT);
    return true;
  }
}
