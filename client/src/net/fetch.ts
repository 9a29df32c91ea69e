/** `fetch` for the calls of this page. Who wants to know hears of each answer, and of the id under which the servers have written of it. */

/** An answer as it came, before anybody has read it. */
export interface Heard {
  method: string;
  path: string;
  status: number;
  /** Who answered; null if no replica did. */
  replica: string | null;
  /** The id that the server gave to the request; null if the answer had none. */
  requestId: string | null;
  /** Until the head of the answer was there, in milliseconds. */
  ms: number;
}

let listener: (answer: Heard) => void = () => {};

/** `tell` is called with each answer from now on. */
export function hear(tell: (answer: Heard) => void): void {
  listener = tell;
}

/** As `fetch` of the browser, which it has the name of, so that a file needs no more than the import to be heard. */
export const fetch: typeof globalThis.fetch = async (target, request) => {
  const begun = performance.now();
  const answer = await globalThis.fetch(target, request);
  listener({
    method: request?.method ?? "GET",
    path: String(target),
    status: answer.status,
    replica: answer.headers.get("x-replica"),
    requestId: answer.headers.get("x-request-id"),
    ms: performance.now() - begun,
  });
  return answer;
};
