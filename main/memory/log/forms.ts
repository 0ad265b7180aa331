import type { Members } from './plain-json.ts';

/** Objects of a kind have few rows of members; what a row means is worked out once. */
export interface Forms<T> {
  /** What the members' names mean; null where `work` gives null. */
  of(bytes: Buffer, members: Members): T | null;
}

interface Known<T> {
  /** The names as they stand, one behind the other. */
  readonly names: Buffer;
  readonly count: number;
  readonly form: T | null;
}

const KNOWN_FORMS = 16;

/** @param work the meaning of names in a row, which may have one twice */
export function createForms<T>(work: (names: readonly string[]) => T | null): Forms<T> {
  const known: Known<T>[] = [];
  return {
    of(bytes, members) {
      const found = known.find((each) => isSame(each, bytes, members));
      if (found) return found.form;
      const names = Array.from({ length: members.count }, (_, at) => nameOf(bytes, members, at));
      const form = work(names.map((name) => name.slice(1, -2)));
      known.unshift({ names: Buffer.from(names.join('')), count: members.count, form });
      known.length = Math.min(known.length, KNOWN_FORMS);
      return form;
    },
  };
}

/** `"name":` */
function nameOf(bytes: Buffer, { nameAt, valueAt }: Members, at: number): string {
  return bytes.toString('latin1', nameAt[at], valueAt[at]);
}

function isSame({ names, count }: Known<unknown>, bytes: Buffer, members: Members): boolean {
  if (members.count !== count) return false;
  let place = 0;
  for (let member = 0; member < count; member += 1) {
    const end = members.valueAt[member] as number;
    for (let at = members.nameAt[member] as number; at < end; at += 1, place += 1) {
      if (bytes[at] !== names[place]) return false;
    }
  }
  return place === names.length;
}

export function isDistinct(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** Places of the names in the order of canonical JSON. */
export function inCanonicalOrder(names: readonly string[], without: readonly string[] = []): number[] {
  return [...names.keys()]
    .filter((at) => !without.includes(names[at] ?? ''))
    .sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1));
}
