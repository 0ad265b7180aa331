import { setField } from '../query/set-field.ts';

/** A deep copy of plain JSON; several times quicker than structuredClone on the small rows of a list. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  // Of the same shape, member by member.
  if (Array.isArray(value)) return value.map((member: unknown) => copyOf(member)) as T;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) setField(copy, name, copyOf(member));
  return copy as T;
}
