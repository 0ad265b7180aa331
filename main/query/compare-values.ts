import type { CompareValues } from './types.ts';

/**
 * MongoDB's order of BSON types, for those that JSON has and those that a filter given in code may hold besides.
 * Values of one rank are compared with each other by $gt and its like; others never match.
 */
export const rank = {
  empty: 0,
  null: 5,
  number: 10,
  string: 15,
  object: 20,
  array: 25,
  boolean: 40,
  date: 45,
  regex: 50,
} as const;
export type Rank = (typeof rank)[keyof typeof rank];

/** `undefined` ranks below null: it is the index key and the sort key of an empty array, as in MongoDB. */
export function rankOf(value: unknown): Rank {
  switch (typeof value) {
    case 'string':
      return rank.string;
    case 'number':
    case 'bigint':
      return rank.number;
    case 'boolean':
      return rank.boolean;
    case 'undefined':
      return rank.empty;
    default:
      if (value === null) return rank.null;
      if (Array.isArray(value)) return rank.array;
      if (value instanceof Date) return rank.date;
      return value instanceof RegExp ? rank.regex : rank.object;
  }
}

export const compareValues: CompareValues = (a, b) => {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (a === b) return 0;
  const rankOfA = rankOf(a);
  const difference = rankOfA - rankOf(b);
  if (difference !== 0) return difference;
  if (rankOfA === rank.array) return compareArrays(a as readonly unknown[], b as readonly unknown[]);
  if (rankOfA === rank.object) return compareObjects(a as object, b as object);
  // Booleans and dates: false is 0, and a date is its milliseconds.
  return rankOfA === rank.boolean || rankOfA === rank.date ? compareNumbers(Number(a), Number(b)) : 0;
};

export function equalValues(a: unknown, b: unknown): boolean {
  return compareValues(a, b) === 0;
}

/**
 * MongoDB compares the UTF-8 bytes, which is the order of code points. `<` compares UTF-16 units and would put an
 * emoji (surrogates, from U+D800) before U+FF01.
 */
export function compareStrings(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const unitOfA = a.charCodeAt(at);
    const unitOfB = b.charCodeAt(at);
    if (unitOfA !== unitOfB) return codePointOrder(unitOfA) - codePointOrder(unitOfB);
  }
  return a.length - b.length;
}

/** Moves the surrogates above the rest of the units; comparing the units so moved is comparing code points. */
function codePointOrder(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** NaN equals NaN and stands below every other number. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const order = compareValues(a[at], b[at]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Field by field in their order: type of the value, then name, then value; `{a: 1, b: 2}` is not `{b: 2, a: 1}`. */
function compareObjects(a: object, b: object): number {
  const fieldsOfA = Object.entries(a);
  const fieldsOfB = Object.entries(b);
  const shorter = Math.min(fieldsOfA.length, fieldsOfB.length);
  for (let at = 0; at < shorter; at++) {
    const [nameOfA, valueOfA] = fieldsOfA[at] as [string, unknown];
    const [nameOfB, valueOfB] = fieldsOfB[at] as [string, unknown];
    const order =
      rankOf(valueOfA) - rankOf(valueOfB) || compareStrings(nameOfA, nameOfB) || compareValues(valueOfA, valueOfB);
    if (order !== 0) return order;
  }
  return fieldsOfA.length - fieldsOfB.length;
}
