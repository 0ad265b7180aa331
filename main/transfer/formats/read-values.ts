import type { Foreign } from './types.ts';

/** Small readers for values of unknown shape: they answer with what is there, or with nothing. */

export function isForeign(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(from: Foreign, key: string): Foreign {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  return isForeign(value) ? value : {};
}

export function listAt(from: Foreign, key: string): readonly unknown[] {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  return Array.isArray(value) ? value : [];
}

/** The first of these keys that holds text which is not empty; null where none does. */
export function textAt(from: Foreign, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = Object.hasOwn(from, key) ? from[key] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

export function sizeAt(from: Foreign, ...keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = from[key];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  }
  return null;
}

/** A copy without these keys and without undefined members. Own keys only, `__proto__` among them. */
export function without(from: Foreign, ...keys: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(from).filter(([key, value]) => value !== undefined && !keys.includes(key));
  return Object.fromEntries(entries);
}

export function isEmpty(value: Foreign): boolean {
  return Object.keys(value).length === 0;
}

/** `{name: value}`, or nothing at all where the value is empty or null: for spreading. */
export function ifAny<K extends string, V>(name: K, value: V | null | undefined): Partial<Record<K, V>> {
  if (value == null || (isForeign(value) && isEmpty(value))) return {};
  // The one key is K and its value V; the compiler widens computed keys to string.
  return { [name]: value } as Partial<Record<K, V>>;
}
