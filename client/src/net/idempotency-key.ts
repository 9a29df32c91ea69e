/** An idempotency key: a name for one message that no other has, whichever page it is of. It is a random UUID. */

/** `random`: where the chance comes from. */
export function newIdempotencyKey(random: Crypto = crypto): string {
  // Browsers keep randomUUID from pages that came without TLS from another machine.
  if (typeof random.randomUUID === "function") return random.randomUUID();
  const bytes = random.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, at) => fixed(byte, at).toString(16).padStart(2, "0"));
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Two bytes say that it is a UUID of version 4, which is a random one. */
function fixed(byte: number, at: number): number {
  if (at === 6) return (byte & 0x0f) | 0x40;
  return at === 8 ? (byte & 0x3f) | 0x80 : byte;
}
