import { AppError } from '../../shared/errors.ts';

/** What no record may hold, so that it survives every disk, database and language; reliability.md §3.1. */
export const recordLimits = {
  depth: 64,
  keys: 10_000,
  stringLength: 4 * 1024 * 1024,
  /** UTF-16 code units of all strings and keys together; keeps a record under MongoDB's 16 MB. */
  totalLength: 8 * 1024 * 1024,
} as const;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);

export function badRecord(place: string, why: string): AppError {
  return new AppError('BAD_RECORD', `The record cannot be kept: ${place === '' ? 'it' : `"${place}"`} ${why}.`, {
    remedy: 'Correct this field and try again; nothing was changed.',
    details: { field: place },
  });
}

interface Budget {
  keys: number;
  length: number;
}

/** Names that were found good: most records have the same ones. */
const goodKeys = new Set<string>();
const MOST_GOOD_KEYS = 5_000;
const LONGEST_GOOD_KEY = 100;

function checkKey(key: string, place: string, budget: Budget): void {
  if (!goodKeys.has(key)) checkName(key, place);
  budget.length += key.length;
  if ((budget.keys += 1) > recordLimits.keys) throw badRecord('', `has more than ${recordLimits.keys} fields`);
}

function checkName(key: string, place: string): void {
  if (FORBIDDEN_KEYS.has(key)) throw badRecord(place, 'has a name that programs treat specially');
  if (key.startsWith('$')) throw badRecord(place, 'starts with $, which databases read as a command');
  if (key.includes('.')) throw badRecord(place, 'has a dot in its name, which databases read as a path');
  if (key.includes('\0') || !key.isWellFormed()) throw badRecord(place, 'has a name that is not valid text');
  if (goodKeys.size < MOST_GOOD_KEYS && key.length <= LONGEST_GOOD_KEY) goodKeys.add(key);
}

function cleanString(text: string, place: string, budget: Budget): string {
  if (text.length > recordLimits.stringLength) throw badRecord(place, 'is longer than 4 MB');
  if (!text.isWellFormed()) throw badRecord(place, 'holds half a character (a lone surrogate)');
  if ((budget.length += text.length) > recordLimits.totalLength) throw badRecord('', 'is larger than 8 MB');
  return text;
}

function cleanObject(value: object, place: string, depth: number, budget: Budget): Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw badRecord(place, 'is not plain JSON');
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    const inside = place === '' ? key : `${place}.${key}`;
    checkKey(key, inside, budget);
    copy[key] = clean(member, inside, depth + 1, budget);
  }
  return copy;
}

function clean(value: unknown, place: string, depth: number, budget: Budget): unknown {
  if (depth > recordLimits.depth) throw badRecord(place, `is nested deeper than ${recordLimits.depth} levels`);
  switch (typeof value) {
    case 'string':
      return cleanString(value, place, budget);
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw badRecord(place, 'is not a finite number');
      return value === 0 ? 0 : value;
    case 'object':
      if (value === null) return null;
      if (value instanceof Date) return cleanDate(value, place);
      if (Array.isArray(value)) {
        return value.map((member: unknown, at) => clean(member ?? null, `${place}.${at}`, depth + 1, budget));
      }
      return cleanObject(value, place, depth, budget);
    default:
      throw badRecord(place, 'is not plain JSON');
  }
}

function cleanDate(date: Date, place: string): string {
  if (Number.isNaN(date.getTime())) throw badRecord(place, 'is not a valid date');
  return date.toISOString();
}

/**
 * A copy of the value as plain JSON: dates become ISO text, -0 becomes 0, undefined members vanish.
 * BAD_RECORD naming the field for what cannot be kept.
 */
export function cleanRecord(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return cleanObject(value, '', 0, { keys: 0, length: 0 });
}
