/** The legend of the strip: what its marks mean. */

import { el } from "../dom";
import { drawIcon } from "./replica-icons";
import { LOOKS } from "./strip";

/** One entry for each look, and one for the size that a mark has. */
export function legend(): HTMLLIElement[] {
  const { answered: _, ...others } = LOOKS;
  return [
    entry(drawIcon(0), "your call"),
    entry(drawIcon(0, "small"), "the page's own"),
    ...Object.entries(others).map(([look, words]) => {
      return entry(look === "nobody" ? drawIcon("cross") : drawIcon(0, look), words);
    }),
  ];
}

function entry(icon: SVGSVGElement, text: string): HTMLLIElement {
  return el("li", {}, icon, text);
}
