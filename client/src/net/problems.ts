/**
 * What went wrong, in sentences for people, by the replicas' words for programs. Their own sentences are for whoever
 * writes a client: they speak of bytes, keys and headers.
 */

const SENTENCES: Readonly<Record<string, string>> = {
  name_not_accepted:
    "This name cannot be used. A name must be 1 to 32 visible characters, without heaps of accents.",
  name_reserved: "This name could be taken for the system's own. Choose another one.",
  too_many_logins: "There were too many log-ins from here.",
  unauthorized: "Nobody is logged in here any more. Log in again.",
  forbidden: "This was refused, because it did not seem to come from this page. Reload the page.",
  too_large: "This is too much at once.",
  not_found: "The replica does not know how to do that. It may be running another version.",
  timeout: "The replica took too long.",
  internal: "Something went wrong in the replica.",
};

/** `code`: the replica's word, or null if it said none. `status`: that of HTTP, or null if it did not come by HTTP. */
export function problem(code: string | null, status: number | null): string {
  const known = SENTENCES[code ?? ""];
  if (known !== undefined) return known;
  if (code?.startsWith("bad_")) return "The replica could not understand this.";
  if (code?.startsWith("too_many_") || status === 429)
    return "This was too much in too short a time.";
  if (code?.endsWith("_full")) return "There is no room for more at the moment.";
  if (code?.endsWith("unavailable") || status === 503)
    return "A part of the system is away at the moment.";
  if (status !== null && status >= 500) return "Something went wrong in the replica.";
  return "This was refused.";
}

/** The same, and when to try again, if that is known: after `retryAfter` seconds. */
export function problemAndWait(
  code: string | null,
  status: number | null,
  retryAfter: number | null,
): string {
  const sentence = problem(code, status);
  return retryAfter === null ? sentence : `${sentence} Try again in ${retryAfter} s.`;
}
