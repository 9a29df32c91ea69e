import { expect, test } from "vitest";
import { newIdempotencyKey } from "./idempotency-key";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A browser on a page without TLS. */
const insecure = {
  getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes),
} as unknown as Crypto;

test.each([
  ["with TLS", crypto],
  ["without", insecure],
])("each ref is a UUID of its own, %s", (_, random) => {
  const refs = Array.from({ length: 1000 }, () => newIdempotencyKey(random));
  expect(refs.filter((ref) => !UUID.test(ref))).toEqual([]);
  expect(new Set(refs).size).toBe(refs.length);
});
