/** Sounds, made on the spot. They are off until somebody wants them. */

import type { Happening } from "./happenings";

/** How loud the loudest is, from 0 to 1. */
const LOUD = 0.16;

/** The steps of a fanfare, in hertz. */
const FANFARE = [523, 659, 784, 1047];

export class Sound {
  #context: AudioContext | null = null;

  get on(): boolean {
    return this.#context !== null;
  }

  /** Has to be called by what a person does: else a browser stays silent. */
  switch(): void {
    const context = this.#context;
    this.#context = context === null ? new AudioContext() : null;
    if (context === null) this.#tone("sine", 660, 660, 0.12);
    else void context.close();
  }

  /** `own`: the seat of who listens. What concerns it is louder. */
  happened(happened: readonly Happening[], own: number | null): void {
    // More at once would be noise.
    for (const { kind, seat } of happened.slice(0, 3)) {
      const loud = seat === own ? 1 : 0.45;
      if (kind === "hit") this.#tone("square", 190, 60, 0.14, loud);
      else if (kind === "fell") this.#bleat(loud);
      else if (kind === "back") this.#tone("sine", 420, 780, 0.18, loud);
      else if (seat === own) this.#tone("triangle", 150, 320, 0.09, loud);
    }
  }

  /** A second before the match begins has passed. */
  tick(): void {
    this.#tone("sine", 520, 520, 0.06, 0.5);
  }

  /** Somebody has won. */
  fanfare(): void {
    for (const [n, pitch] of FANFARE.entries()) {
      this.#tone("triangle", pitch, pitch, 0.22, 0.9, n * 0.12);
    }
  }

  /** From one pitch to another, in hertz; seconds long, and after so many seconds. */
  #tone(
    type: OscillatorType,
    from: number,
    to: number,
    seconds: number,
    loud = 1,
    wait = 0,
  ): OscillatorNode | null {
    const context = this.#context;
    if (context === null) return null;
    const [begins, ends] = [context.currentTime + wait, context.currentTime + wait + seconds];
    const tone = new OscillatorNode(context, { type, frequency: from });
    const volume = new GainNode(context, { gain: 0 });
    tone.frequency.setValueAtTime(from, begins);
    tone.frequency.exponentialRampToValueAtTime(to, ends);
    volume.gain.setValueAtTime(LOUD * loud, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, ends);
    tone.connect(volume).connect(context.destination);
    tone.start(begins);
    tone.stop(ends);
    return tone;
  }

  /** A goat that falls says so. */
  #bleat(loud: number): void {
    const context = this.#context;
    const voice = this.#tone("sawtooth", 520, 210, 0.75, loud * 0.7);
    if (context === null || voice === null) return;
    const tremble = new OscillatorNode(context, { frequency: 11 });
    const depth = new GainNode(context, { gain: 60 });
    tremble.connect(depth).connect(voice.frequency);
    tremble.start();
    tremble.stop(context.currentTime + 0.8);
  }
}
