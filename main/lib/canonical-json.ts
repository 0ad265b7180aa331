/**
 * Canonical JSON in the manner of RFC 8785: keys sorted by UTF-16 code unit, no white space, ES number formatting.
 * Two values are equal exactly when their canonical texts are. `undefined` members are left out, `-0` becomes 0.
 */
export function canonicalJson(value: unknown): string {
  const sorted = sortedCopy(value);
  return sorted === UNSORTABLE ? textOf(value) : (JSON.stringify(sorted) ?? 'null');
}

/** Whether two values have the same canonical text, without writing it. For plain JSON. */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return (a ?? null) === null && (b ?? null) === null;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((member, at) => isSameJson(member, b[at]))
    );
  }
  const [fieldsOfA, fieldsOfB] = [presentFields(a), presentFields(b)];
  return (
    fieldsOfA.length === fieldsOfB.length &&
    fieldsOfA.every(([key, member]) => {
      // Own members only, so that no field is found on the prototype.
      if (!Object.hasOwn(b, key)) return false;
      const other = (b as Record<string, unknown>)[key];
      return other !== undefined && isSameJson(member, other);
    })
  );
}

function presentFields(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** An object cannot hold these keys in the order they are given: it puts numbers first, and __proto__ nowhere. */
const UNSORTABLE = Symbol('unsortable');
const MOVED_KEY = /^(?:\d|__proto__$)/;

/** One call of JSON.stringify on a sorted copy takes half the time of putting the text together here. */
function sortedCopy(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map(sortedCopy);
    return members.includes(UNSORTABLE) ? UNSORTABLE : members;
  }
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const member = sortedCopy((value as Record<string, unknown>)[key]);
    if (member === UNSORTABLE || MOVED_KEY.test(key)) return UNSORTABLE;
    copy[key] = member;
  }
  return copy;
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${textOf(member)}`);
  }
  return `{${members.join(',')}}`;
}
