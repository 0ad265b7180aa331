/** `_id` is MongoDB's name for what our records call `id`. */
export function ownName(path: string): string {
  return path === '_id' || path.startsWith('_id.') ? path.slice(1) : path;
}

/** Names that reach an object's prototype in careless code; no update may write them. */
export const forbiddenNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
