import { setField } from '../query/set-field.ts';
import { recordLimits } from '../records/json-guard.ts';
import type { Driver } from './driver.ts';

/** A document that cannot be a record; the reason is one phrase. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);

/**
 * Decoded BSON as plain JSON. What Almanac writes comes back as it is. Of what other programs write: dates and timestamps
 * become ISO text, ObjectIds and UUIDs their text, whole numbers beyond 2^53 and decimals that a number cannot hold their
 * digits, bytes base64, patterns `/source/flags`, code its text, NaN and the infinities their names; names that records
 * cannot have are percent-encoded.
 */
export function toPlain(value: unknown, driver: Driver, depth = 0): unknown {
  if (depth > recordLimits.depth) throw new Unreadable(`it is nested deeper than ${recordLimits.depth} levels`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return value.map((member: unknown) => toPlain(member, driver, depth + 1));
      return isPlainObject(value) ? toPlainObject(value, driver, depth) : plainScalar(value, driver, depth);
    default:
      return null;
  }
}

export function toPlainObject(value: object, driver: Driver, depth = 0): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    setField(plain, plainName(name), toPlain(member, driver, depth + 1));
  }
  return plain;
}

/** A field's name as a record can have it; names that Almanac writes stay. */
export function plainName(name: string): string {
  if (FORBIDDEN_NAMES.has(name)) return `%${encoded(name[0] ?? '')}${name.slice(1)}`;
  const withoutDots = name.includes('.') ? name.replaceAll('.', '%2E') : name;
  return withoutDots.startsWith('$') ? `%24${withoutDots.slice(1)}` : withoutDots;
}

function encoded(letter: string): string {
  return letter.charCodeAt(0).toString(16).toUpperCase();
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The classes of BSON values. */
function plainScalar(value: object, driver: Driver, depth: number): unknown {
  const { ObjectId, Binary, Long, Decimal128, Timestamp, BSONRegExp, BSONSymbol, Code, DBRef } = driver;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  // A Timestamp is a Long, too.
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000).toISOString();
  if (value instanceof Long) return value.toString();
  if (value instanceof Decimal128) return plainDecimal(value.toString());
  if (value instanceof Binary) return plainBytes(value, driver);
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof RegExp) return String(value);
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Code) {
    return value.scope
      ? { code: String(value.code), scope: toPlain(value.scope, driver, depth + 1) }
      : String(value.code);
  }
  if (value instanceof DBRef) {
    return {
      collection: value.collection,
      id: toPlain(value.oid, driver, depth + 1),
      ...(value.db && { db: value.db }),
    };
  }
  if (value instanceof driver.MinKey) return 'MinKey';
  if (value instanceof driver.MaxKey) return 'MaxKey';
  if (value instanceof driver.Int32 || value instanceof driver.Double) return toPlain(value.valueOf(), driver, depth);
  throw new Unreadable('it holds a value of an unknown type');
}

function plainDecimal(text: string): number | string {
  const value = Number(text);
  const isExact =
    Number.isFinite(value) && (String(value) === text || (Number.isSafeInteger(value) && /^-?\d+$/.test(text)));
  return isExact ? value + 0 : text;
}

function plainBytes(value: InstanceType<Driver['Binary']>, { Binary }: Driver): string {
  const isUuid = value.sub_type === Binary.SUBTYPE_UUID && value.length() === 16;
  return isUuid ? value.toUUID().toHexString() : value.toString('base64');
}
