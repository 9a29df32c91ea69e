/** Loads the page anew, without losing what the person was about to say in the chat. */

import type { Memory } from "./memory";

/** The chat's field, on a page that has a chat. */
const FIELD = "#message";

/** Loads the page anew. */
export function loadAnew(memory: Memory): void {
  const words = field()?.value ?? "";
  if (words !== "") memory.set("goatscale-words", words);
  location.reload();
}

/** Puts back what stood in the field when the page was loaded anew. */
export function putWordsBack(memory: Memory): void {
  const words = memory.take("goatscale-words");
  const input = field();
  if (words !== null && input !== null && input.value === "") input.value = words;
}

function field(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(FIELD);
}
