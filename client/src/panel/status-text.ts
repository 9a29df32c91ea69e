/** The state of the system in a sentence or two. */

import type { Recognition } from "./recognition";
import { NOBODY, type Strip } from "./strip";

/** What a person should know now. It changes only when the state does, so it can be read out. */
export function statusText(strip: Strip, recognition: Recognition, paused: boolean): string {
  if (strip.away) {
    return paused
      ? "No replica answers. The page is paused, and asks nothing."
      : "No replica answers. The page goes on asking, and will notice when one is back.";
  }
  const lanes = strip.lanes().filter((lane) => lane.name !== NOBODY);
  const awake = lanes.filter((lane) => !lane.silent).map((lane) => lane.name);
  const silent = lanes.filter((lane) => lane.silent).map((lane) => lane.name);
  if (lanes.length === 0) return paused ? "Paused." : "Asking …";
  // Of what was stopped a moment ago this page does not know it yet. So it says what it has heard.
  const sentences = [`${replicas(awake.length)} answered lately.`];
  if (silent.length > 0) {
    sentences.push(`${list(silent)} ${silent.length === 1 ? "is" : "are"} silent.`);
  }
  const unsure = awake.filter((replica) => recognition.of(replica) === "unsure");
  if (unsure.length > 0) sentences.push(`${list(unsure)} cannot say now who you are.`);
  else if (recognition.player !== null) {
    sentences.push(who(awake, recognition, recognition.player.name));
  }
  if (paused) sentences.push("The page is paused.");
  return sentences.join(" ");
}

/** `a, b and c` */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** How long ago `then` was, roughly: `12 s`, `3 min`, `5 h`, `2 d`. */
export function age(then: Date, now: number): string {
  const seconds = Math.max(0, Math.floor((now - then.getTime()) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

function who(awake: readonly string[], recognition: Recognition, name: string): string {
  const asked = awake.filter((replica) => recognition.of(replica) !== "unasked").length;
  const knowing = awake.filter((replica) => recognition.of(replica) === "yes").length;
  if (asked === 0) return `You are ${name}.`;
  if (knowing === 0) {
    return asked < awake.length
      ? `None of those asked so far knows you as ${name}.`
      : `The login is forgotten: none of them knows you as ${name} any more.`;
  }
  if (awake.length === 1) return `It knows you as ${name}.`;
  if (knowing < asked) {
    const others = asked - knowing;
    return `${knowing} of them ${knowing === 1 ? "knows" : "know"} you as ${name}, ${others} ${
      others === 1 ? "does" : "do"
    } not.`;
  }
  return asked === awake.length && asked > 1
    ? `All of them know you as ${name}.`
    : `${asked} of them ${asked === 1 ? "knows" : "know"} you as ${name}.`;
}

function replicas(count: number): string {
  return count === 1 ? "1 replica" : `${count} replicas`;
}
