/** An icon for each replica: a shape and a colour, the same wherever the replica appears. */

const SVG = "http://www.w3.org/2000/svg";

/** In a box of 20 by 20. As many as there are colours in tokens.css; the shapes alone tell them apart, too. */
const SHAPES = [
  "M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16Z",
  "M3 3h14v14H3Z",
  "M10 1.5 19.5 18H.5Z",
  "M10 .5 19.5 10 10 19.5.5 10Z",
  "M7 2h6v5h5v6h-5v5H7v-5H2V7h5Z",
  "M.5 2h19L10 18.5Z",
  "M10 1l8 4.5v9L10 19l-8-4.5v-9Z",
  "M10 .5l2.8 6.3 6.7.7-5 4.6 1.4 6.7-5.9-3.4-5.9 3.4 1.4-6.7-5-4.6 6.7-.7Z",
];
const CROSS = "M4 4 16 16M16 4 4 16";
const BUBBLE = "M1.5 2.5h17v11.5h-9l-4.5 4.5v-4.5h-3.5Z"; // lesson 5

/** Gives each replica one of the icons, and keeps two from having the same while there are enough. */
export class ReplicaIcons {
  readonly #taken = new Map<string, number>();

  /** The number of `replica`'s icon, from 0. */
  of(replica: string): number {
    const known = this.#taken.get(replica);
    if (known !== undefined) return known;
    const wanted = preferred(replica);
    const used = new Set(this.#taken.values());
    let icon = wanted;
    if (used.size < SHAPES.length) while (used.has(icon)) icon = (icon + 1) % SHAPES.length;
    this.#taken.set(replica, icon);
    return icon;
  }

  /** Frees the icons of all but these replicas. */
  keep(replicas: readonly string[]): void {
    for (const replica of this.#taken.keys()) {
      if (!replicas.includes(replica)) this.#taken.delete(replica);
    }
  }
}

/** The icon as a picture. A replica's name must stand beside it, or say it elsewhere. */
export function drawIcon(icon: number | "cross", kind = "answered"): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `sign ${kind} ${icon === "cross" ? "cross" : `sign-${icon}`}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", icon === "cross" ? CROSS : (SHAPES[icon] ?? CROSS));
  if (kind === "taken" || kind === "delivered") path.setAttribute("d", BUBBLE); // lesson 5
  svg.append(path);
  return svg;
}

/** So that two browsers side by side agree in most cases, the icon follows from the name. */
function preferred(replica: string): number {
  const counted = /-(\d{1,3})$/.exec(replica)?.[1];
  if (counted !== undefined) return (Number(counted) + SHAPES.length - 1) % SHAPES.length;
  let hash = 0;
  for (const char of replica) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return hash % SHAPES.length;
}
