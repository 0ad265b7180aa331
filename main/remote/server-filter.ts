import type { Document, Filter as ServerFilter } from 'mongodb';
import type { Filter } from '../../shared/store/store.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { badFilter, shown } from '../query/errors.ts';
import { isObject } from '../query/path.ts';
import { parsePattern } from '../query/pattern.ts';
import { setField } from '../query/set-field.ts';
import type { Predicate } from '../query/types.ts';
import type { Driver } from './driver.ts';
import { idsReadAs } from './record-id.ts';
import { serverPattern } from './server-pattern.ts';

/** A filter in the server's words. */
export interface ServerQuery {
  /** Tombstones are left out. */
  readonly filter: ServerFilter<Document>;
  /** Where the server's answer is too wide: records have to pass this, too, and be counted and cut here. */
  readonly judge: Predicate | null;
}

/** Records that are alive. The index of a unique field that is partial by this very condition answers it, too. */
export const ALIVE = { '_meta.del': null } as const;

/** A part of the filter says what only JavaScript can judge. */
class NotForServer extends Error {}

/** Checks a filter as every Store does (BAD_FILTER) and translates it: `id` is `_id` there, tombstones are left out. */
export function serverQuery(filter: Filter, driver: Driver): ServerQuery {
  const judge = compileFilter(filter);
  const parts: Document[] = [ALIVE];
  let isExact = true;
  for (const [name, condition] of Object.entries(filter)) {
    try {
      parts.push(translateEntry(name, condition, driver));
    } catch (error) {
      if (!(error instanceof NotForServer)) throw error;
      isExact = false;
    }
  }
  return { filter: parts.length === 1 ? { ...ALIVE } : { $and: parts }, judge: isExact ? null : judge };
}

function translateConditions(filter: unknown, driver: Driver): Document {
  const parts = Object.entries(filter as Filter).map(([name, condition]) => translateEntry(name, condition, driver));
  const [only] = parts;
  if (parts.length === 0) return {};
  return parts.length === 1 && only ? only : { $and: parts };
}

function translateEntry(name: string, condition: unknown, driver: Driver): Document {
  if (name.startsWith('$')) {
    return { [name]: (condition as unknown[]).map((part) => translateConditions(part, driver)) };
  }
  const isId = name === 'id' || name === '_id';
  const field = isId ? '_id' : name.startsWith('id.') ? `_${name}` : name;
  const translated: Document = {};
  setField(translated, field, translateCondition(condition, isId ? (id) => idValues(id, driver) : same));
  return translated;
}

type Widen = (value: unknown) => readonly unknown[];
const same: Widen = (value) => [value];

/** An id in a filter may be an ObjectId there. */
function idValues(value: unknown, driver: Driver): readonly unknown[] {
  return typeof value === 'string' ? idsReadAs(value, driver) : [value];
}

function holdsOperators(condition: unknown): condition is Record<string, unknown> {
  return isObject(condition) && Object.keys(condition)[0]?.startsWith('$') === true;
}

function translateCondition(condition: unknown, widen: Widen): unknown {
  if (condition instanceof RegExp) return patternFor(condition);
  if (!holdsOperators(condition)) return equalTo(condition, widen);
  const translated: Record<string, unknown> = {};
  for (const [operator, operand] of Object.entries(condition)) {
    Object.assign(translated, translateOperator(operator, operand, condition, widen));
  }
  return translated;
}

function equalTo(value: unknown, widen: Widen): unknown {
  const values = widen(plainOperand(value));
  return values.length === 1 ? { $eq: values[0] } : { $in: values };
}

function translateOperator(
  operator: string,
  operand: unknown,
  condition: Readonly<Record<string, unknown>>,
  widen: Widen,
): Record<string, unknown> {
  switch (operator) {
    case '$options':
      return {};
    case '$regex':
      return patternFor(parsePattern(operand, condition['$options']));
    case '$eq':
    case '$ne': {
      const values = widen(plainOperand(operand));
      if (values.length === 1) return { [operator]: values[0] };
      return operator === '$eq' ? { $in: values } : { $nin: values };
    }
    case '$in':
    case '$nin':
      return { [operator]: (operand as unknown[]).flatMap((each) => memberOf(each, widen)) };
    case '$not':
      return { $not: translateCondition(operand, widen) };
    case '$all':
      return { $all: (operand as unknown[]).map(memberOfAll) };
    case '$elemMatch':
      return { $elemMatch: translateElement(operand as Record<string, unknown>) };
    default:
      return { [operator]: plainOperand(operand) };
  }
}

/** Patterns among values only fit where they are the same there. */
function memberOf(value: unknown, widen: Widen): readonly unknown[] {
  if (value instanceof RegExp) throw new NotForServer();
  return widen(plainOperand(value));
}

function memberOfAll(value: unknown): unknown {
  if (value instanceof RegExp) throw new NotForServer();
  return holdsOperators(value) ? translateCondition(value, same) : plainOperand(value);
}

/** Within a list, `_id` is an element's own field, which is read as `id` here. */
function translateElement(condition: Readonly<Record<string, unknown>>): unknown {
  const first = Object.keys(condition)[0] ?? '';
  if (first.startsWith('$') && !['$and', '$or', '$nor'].includes(first)) return translateCondition(condition, same);
  const translated: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(condition)) {
    if (name.startsWith('$')) setField(translated, name, (part as Record<string, unknown>[]).map(translateElement));
    else
      setField(
        translated,
        name === '_id' || name.startsWith('_id.') ? name.slice(1) : name,
        translateCondition(part, same),
      );
  }
  return translated;
}

function patternFor(pattern: RegExp): Record<string, unknown> {
  const translated = serverPattern(pattern);
  if (translated === null) throw new NotForServer();
  return { $regex: translated.source, ...(translated.options && { $options: translated.options }) };
}

/** What the driver would drop (undefined, functions) or read as something else must not widen a filter. */
function plainOperand(value: unknown): unknown {
  if (value === undefined) return null;
  if (Array.isArray(value)) return value.map(plainOperand);
  if (isObject(value)) {
    const copy: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      if (name === '_bsontype')
        throw badFilter('A filter cannot ask for a field named _bsontype.', 'Choose another name.');
      setField(copy, name, plainOperand(member));
    }
    return copy;
  }
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw badFilter(
      `A filter cannot hold ${shown(String(value))}.`,
      'Give text, numbers, true, false, null, lists or objects.',
    );
  }
  return value;
}
