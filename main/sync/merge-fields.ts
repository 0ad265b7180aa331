import { canonicalJson, isSameJson } from '../lib/canonical-json.ts';

/** One field as both sides have it, the later side first; undefined: not there. `base` is absent where it is not known. */
export interface FieldSides {
  readonly later: unknown;
  readonly earlier: unknown;
  readonly base?: unknown;
}

/** What a field becomes that both sides changed; null: the policy does not fit these values. */
export interface FieldOutcome {
  readonly value: unknown;
}

/** Elements added and removed on either side, one by one; equal elements are one. Add beats remove where the base is unknown. */
export function mergeTags(sides: FieldSides): FieldOutcome | null {
  const [later, earlier, base] = [listOf(sides.later), listOf(sides.earlier), listOf(sides.base)];
  if (later === null || earlier === null || base === null) return null;
  const [inLater, inEarlier, inBase] = [namesOf(later), namesOf(earlier), namesOf(base)];
  const kept = new Map<string, unknown>();
  for (const element of [...base, ...earlier, ...later]) {
    const name = canonicalJson(element);
    const removed = inBase.has(name) && !(inLater.has(name) && inEarlier.has(name));
    if (!removed) kept.set(name, element);
  }
  return { value: [...kept.values()] };
}

/** Both sides' changes added up; the larger where it is not known from what. Never below zero where neither side is. */
export function mergeCounter(sides: FieldSides): FieldOutcome | null {
  const [later, earlier] = [countOf(sides.later), countOf(sides.earlier)];
  if (later === null || earlier === null) return null;
  if (!Object.hasOwn(sides, 'base')) return { value: Math.max(later, earlier) };
  const base = countOf(sides.base);
  const sum = base === null ? Number.NaN : later + earlier - base;
  const floor = Math.min(later, earlier) < 0 ? Number.NEGATIVE_INFINITY : 0;
  return Number.isFinite(sum) ? { value: Math.max(sum, floor) } : null;
}

/** An edit beats the removal of a field. */
export function mergeLastWriter({ later, earlier }: FieldSides): FieldOutcome {
  return { value: later === undefined ? earlier : later };
}

/** The first or the last of two times; equal instants by their text. A time stands against none. */
export function mergeTime(kept: 'first' | 'last', { later, earlier }: FieldSides): FieldOutcome | null {
  if (typeof later === 'string' && earlier == null) return { value: later };
  if (typeof earlier === 'string' && later == null) return { value: earlier };
  if (typeof later !== 'string' || typeof earlier !== 'string') return null;
  const distance = Date.parse(later) - Date.parse(earlier);
  if (Number.isNaN(distance)) return null;
  const laterIsLater = distance === 0 ? later > earlier : distance > 0;
  return { value: laterIsLater === (kept === 'last') ? later : earlier };
}

export function isSameField(a: unknown, b: unknown): boolean {
  return (a === undefined) === (b === undefined) && isSameJson(a, b);
}

function listOf(value: unknown): readonly unknown[] | null {
  if (value == null) return [];
  return Array.isArray(value) ? value : null;
}

function namesOf(elements: readonly unknown[]): ReadonlySet<string> {
  return new Set(elements.map((element) => canonicalJson(element)));
}

/** A counter that is not there stands at zero. */
function countOf(value: unknown): number | null {
  if (value === undefined) return 0;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
