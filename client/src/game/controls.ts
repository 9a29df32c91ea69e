/**
 * The keyboard and the fingers of a player. Whatever takes them away from the game, without a word of what they do from then on, lets
 * go of everything: else a goat would run on by itself.
 */

import { combined, directionOfStick, inputOfKeys, isGameKey } from "./steering";
import { type Input, NEUTRAL } from "./wire";

/** Where the game hears a player. */
export interface Surfaces {
  /** Has to have the focus for keys to count. */
  stage: HTMLElement;
  /** A finger on it steers. */
  stick: HTMLElement;
  /** A finger on it charges, and butts when it is lifted. */
  butt: HTMLButtonElement;
}

export class Controls {
  readonly #surfaces: Surfaces;
  readonly #changed: (input: Input) => void;
  readonly #down = new Set<string>();
  #stick: { pointer: number; direction: number | null } | null = null;
  #butt: number | "key" | null = null;
  #enabled = false;

  /** `changed` hears of each change of what the player does. */
  constructor(surfaces: Surfaces, changed: (input: Input) => void) {
    this.#surfaces = surfaces;
    this.#changed = changed;
    this.#hearKeys();
    this.#hearStick();
    this.#hearButt();
    this.#hearLoss();
    for (const surface of Object.values(surfaces)) this.#forbidGestures(surface);
  }

  /** Whether there is a goat to steer. */
  enable(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    if (!enabled) this.#letGo();
  }

  #hearKeys(): void {
    const { stage } = this.#surfaces;
    stage.addEventListener("keydown", (event) => {
      // What belongs to the browser, or to the writing of a language, is not for the goat.
      if (event.ctrlKey || event.altKey || event.metaKey || event.key === "Meta") {
        this.#letGoOfKeys();
        return;
      }
      const foreign = event.isComposing || event.key === "Process" || event.target !== stage;
      if (!this.#enabled || foreign || !isGameKey(event.code)) return;
      // Else the page would scroll.
      event.preventDefault();
      if (this.#down.has(event.code)) return;
      this.#down.add(event.code);
      this.#tell();
    });
    // Wherever a key is released: it was pressed here.
    window.addEventListener("keyup", ({ code }) => {
      if (this.#down.delete(code)) this.#tell();
    });
    stage.addEventListener("blur", () => this.#letGoOfKeys());
  }

  #hearStick(): void {
    const { stick } = this.#surfaces;
    stick.addEventListener("pointerdown", (event) => {
      if (!this.#enabled || this.#stick !== null || event.button !== 0) return;
      stick.setPointerCapture(event.pointerId);
      this.#stick = { pointer: event.pointerId, direction: null };
      this.#moveStick(event);
    });
    stick.addEventListener("pointermove", (event) => this.#moveStick(event));
    const release = ({ pointerId }: PointerEvent) => {
      if (this.#stick?.pointer === pointerId) this.#letGoOfStick();
    };
    for (const end of ENDS) stick.addEventListener(end, release);
  }

  #moveStick({ pointerId, clientX, clientY }: PointerEvent): void {
    if (this.#stick?.pointer !== pointerId) return;
    const { stick } = this.#surfaces;
    const { left, top, width, height } = stick.getBoundingClientRect();
    const x = (clientX - left - width / 2) / (width / 2);
    const y = (clientY - top - height / 2) / (height / 2);
    const far = Math.max(1, Math.hypot(x, y));
    stick.style.setProperty("--x", String(x / far));
    stick.style.setProperty("--y", String(y / far));
    this.#stick.direction = directionOfStick(x, y);
    this.#tell();
  }

  #hearButt(): void {
    const { butt } = this.#surfaces;
    butt.addEventListener("pointerdown", (event) => {
      if (!this.#enabled || this.#butt !== null || event.button !== 0) return;
      butt.setPointerCapture(event.pointerId);
      this.#hold(event.pointerId);
    });
    for (const end of ENDS) {
      butt.addEventListener(end, ({ pointerId }) => {
        if (this.#butt === pointerId) this.#hold(null);
      });
    }
    butt.addEventListener("keydown", (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      if (this.#enabled && this.#butt === null) this.#hold("key");
    });
    const releaseKey = () => {
      if (this.#butt === "key") this.#hold(null);
    };
    butt.addEventListener("keyup", releaseKey);
    butt.addEventListener("blur", releaseKey);
    // What helps people to use a page may click without any key or finger.
    butt.addEventListener("click", ({ detail }) => {
      if (detail !== 0 || !this.#enabled || this.#butt !== null) return;
      this.#hold("key");
      this.#hold(null);
    });
  }

  /** The person went elsewhere. */
  #hearLoss(): void {
    const letGo = () => this.#letGo();
    window.addEventListener("blur", letGo);
    window.addEventListener("pagehide", letGo);
    document.addEventListener("freeze", letGo);
    document.addEventListener("visibilitychange", () => document.hidden && letGo());
  }

  /** A finger that stays means a charge, and not a menu, a selection, or a zoom. */
  #forbidGestures(surface: HTMLElement): void {
    const forbid = (event: Event) => {
      if (this.#enabled) event.preventDefault();
    };
    // `gesturestart` is Safari's.
    for (const gesture of ["contextmenu", "selectstart", "dragstart", "gesturestart", "dblclick"]) {
      surface.addEventListener(gesture, forbid);
    }
    // The focus stays where it was, so that keys go on.
    surface.addEventListener("touchstart", forbid, { passive: false });
  }

  #letGo(): void {
    this.#down.clear();
    this.#stick = null;
    this.#butt = null;
    this.#showStick();
    this.#showButt();
    this.#changed(NEUTRAL);
  }

  #letGoOfKeys(): void {
    if (this.#down.size === 0) return;
    this.#down.clear();
    this.#tell();
  }

  #letGoOfStick(): void {
    this.#stick = null;
    this.#showStick();
    this.#tell();
  }

  #hold(by: number | "key" | null): void {
    this.#butt = by;
    this.#showButt();
    this.#tell();
  }

  #showStick(): void {
    if (this.#stick !== null) return;
    this.#surfaces.stick.style.removeProperty("--x");
    this.#surfaces.stick.style.removeProperty("--y");
  }

  #showButt(): void {
    this.#surfaces.butt.classList.toggle("held", this.#butt !== null);
  }

  #tell(): void {
    const stick: Input = { direction: this.#stick?.direction ?? null, hold: this.#butt !== null };
    this.#changed(combined([stick, inputOfKeys(this.#down)]));
  }
}

/** How a finger can leave. */
const ENDS = ["pointerup", "pointercancel", "lostpointercapture"] as const;
