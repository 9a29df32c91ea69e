/** Reading JSON that came from outside: its shape is checked, never assumed. */

export type Fields = Record<string, unknown>;

/** The members of a JSON object; throws where `value` is none. */
export function fields(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError("not a JSON object");
  }
  return value as Fields;
}

/** The string at `key`; throws where there is none. */
export function string(from: Fields, key: string): string {
  const value = from[key];
  if (typeof value !== "string") throw new TypeError(`${key} is not a string`);
  return value;
}

/** The number at `key`; throws where there is none. */
export function number(from: Fields, key: string): number {
  const value = from[key];
  if (typeof value !== "number") throw new TypeError(`${key} is not a number`);
  return value;
}
