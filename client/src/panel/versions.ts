/** Which versions run. While one is replaced by the next, there are two. */

import type { WhoAmI } from "../net/api";
import { list } from "./status-text";

/** The versions of these replicas; the one of the replica that started last comes last. */
export function versions(replicas: readonly WhoAmI[]): string[] {
  const started = new Map<string, number>();
  for (const { version, startedAt } of replicas) {
    started.set(version, Math.max(started.get(version) ?? 0, startedAt.getTime()));
  }
  return [...started].sort(([, a], [, b]) => a - b).map(([version]) => version);
}

/** What a person should know of them; empty if there is but one. */
export function hint(running: readonly string[]): string {
  if (running.length < 2) return "";
  const count = running.length === 2 ? "Two" : String(running.length);
  return `${count} versions answered lately: ${list(running)}.`;
}
