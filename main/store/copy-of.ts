/** A deep copy of plain JSON; several times quicker than structuredClone on the small rows of a list. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  // Of the same shape, member by member.
  if (Array.isArray(value)) return value.map((member: unknown) => copyOf(member)) as T;
  // Every field is the copy's own after this, one named __proto__ too, so that assigning sets no prototype.
  const copy = { ...value } as Record<string, unknown>;
  for (const name in copy) {
    const member = copy[name];
    if (typeof member === 'object') copy[name] = copyOf(member);
  }
  return copy as T;
}
