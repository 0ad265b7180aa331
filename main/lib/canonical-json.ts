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
const ZERO = 0x30;
const NINE = 0x39;
function isMoved(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= ZERO && first <= NINE) || key === '__proto__';
}

/** One call of JSON.stringify on a sorted copy takes half the time of putting the text together here. */
function sortedCopy(value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const members = value.map(sortedCopy);
    return members.includes(UNSORTABLE) ? UNSORTABLE : members;
  }
  const copy: Record<string, unknown> = {};
  for (const key of sortedKeys(value)) {
    const member = sortedCopy((value as Record<string, unknown>)[key]);
    if (member === UNSORTABLE || isMoved(key)) return UNSORTABLE;
    copy[key] = member;
  }
  return copy;
}

/** More keys than this are left to `sort`, which takes longer to set out. */
const FEW_KEYS = 24;

function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  return keys.length > FEW_KEYS ? keys.sort() : sortFew(keys);
}

/** In place, by insertion; `>` compares UTF-16 code units, as `sort` does. */
function sortFew(keys: string[]): string[] {
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string; // within bounds, as the others
    let place = at;
    for (; place > 0 && (keys[place - 1] as string) > key; place -= 1) keys[place] = keys[place - 1] as string;
    keys[place] = key;
  }
  return keys;
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value === 0 ? 0 : value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members: string[] = [];
  for (const key of sortedKeys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${textOf(member)}`);
  }
  return `{${members.join(',')}}`;
}
