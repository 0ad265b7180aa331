/** Returns the value, or throws when the programmer's belief that it is there was wrong. */
export function must<T>(value: T | null | undefined, what: string): T {
  if (value == null) throw new Error(`Expected ${what}, found none. This is a bug in Almanac.`);
  return value;
}

/** Closes a `switch` over a union: does not compile while a case is missing. */
export function assertNever(value: never, what: string): never {
  throw new Error(`Unhandled ${what}: ${JSON.stringify(value)}. This is a bug in Almanac.`);
}
