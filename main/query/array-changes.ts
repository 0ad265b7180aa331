import { compareBy } from './compare-by.ts';
import { compareValues, equalValues } from './compare-values.ts';
import { badUpdate, kindOf, shown } from './errors.ts';
import { isObject } from './path.ts';
import { plainValue } from './plain-value.ts';
import { compilePull } from './pull-condition.ts';
import type { Comparator } from './types.ts';
import type { Change } from './write-path.ts';

/** The operators that work on a list. Each reads its operand once and gives the change. */
export const arrayChanges = { $push: push, $addToSet: addToSet, $pull: pull, $pullAll: pullAll, $pop: pop } as const;

const pushModifiers: ReadonlySet<string> = new Set(['$each', '$slice', '$sort', '$position']);

function push(operand: unknown, field: string): Change {
  const { each, position, order, slice } = parsePush(operand, field);
  return (current) => {
    const list = current === undefined ? [] : listAt(current, '$push', field);
    const at = position === undefined ? list.length : position < 0 ? Math.max(0, list.length + position) : position;
    const joined = [...list.slice(0, at), ...each, ...list.slice(at)];
    const sorted = order ? joined.sort(order) : joined;
    const kept = slice === undefined ? sorted : slice < 0 ? sorted.slice(slice) : sorted.slice(0, slice);
    return current !== undefined && equalValues(kept, list) ? current : kept;
  };
}

interface Push {
  readonly each: readonly unknown[];
  readonly position: number | undefined;
  readonly order: Comparator<unknown> | undefined;
  readonly slice: number | undefined;
}

function parsePush(operand: unknown, field: string): Push {
  if (!isObject(operand) || !Object.keys(operand).some((key) => pushModifiers.has(key))) {
    return { each: [plainValue(operand, field)], position: undefined, order: undefined, slice: undefined };
  }
  const unknown = Object.keys(operand).find((key) => !pushModifiers.has(key));
  if (unknown !== undefined) {
    throw badUpdate(`$push on "${field}" does not know ${unknown}.`, 'Allowed are $each, $position, $sort and $slice.');
  }
  return {
    each: parseEach(operand['$each'], '$push', field),
    position: parseWhole(operand['$position'], '$position', field),
    order: operand['$sort'] === undefined ? undefined : parseOrder(operand['$sort'], field),
    slice: parseWhole(operand['$slice'], '$slice', field),
  };
}

function parseEach(each: unknown, operator: string, field: string): readonly unknown[] {
  if (!Array.isArray(each)) {
    throw badUpdate(`${operator} on "${field}" needs a list in $each, not ${shown(each)}.`, 'Write {"$each": [...]}.');
  }
  return each.map((value) => plainValue(value, field));
}

function parseWhole(value: unknown, name: string, field: string): number | undefined {
  if (value === undefined || (typeof value === 'number' && Number.isInteger(value))) return value;
  throw badUpdate(`${name} on "${field}" needs a whole number, not ${shown(value)}.`, 'Give a whole number.');
}

function parseOrder(sort: unknown, field: string): Comparator<unknown> {
  if (sort === 1 || sort === -1) return (a, b) => compareValues(a, b) * sort;
  if (isObject(sort) && Object.keys(sort).length > 0) {
    const compare = compareBy(sort as Readonly<Record<string, 1 | -1>>);
    return (a, b) => compare(isObject(a) ? a : {}, isObject(b) ? b : {});
  }
  throw badUpdate(`$sort on "${field}" is ${shown(sort)}.`, 'Give 1, -1, or fields of the elements with 1 or -1.');
}

function addToSet(operand: unknown, field: string): Change {
  const values = parseSetMembers(operand, field);
  return (current) => {
    const list = current === undefined ? [] : listAt(current, '$addToSet', field);
    const added: unknown[] = [];
    for (const value of values) {
      if (![...list, ...added].some((member) => equalValues(member, value))) added.push(value);
    }
    return current !== undefined && added.length === 0 ? current : [...list, ...added];
  };
}

function parseSetMembers(operand: unknown, field: string): readonly unknown[] {
  if (!isObject(operand) || !Object.hasOwn(operand, '$each')) return [plainValue(operand, field)];
  const other = Object.keys(operand).find((key) => key !== '$each');
  if (other !== undefined) throw badUpdate(`$addToSet on "${field}" does not know ${other}.`, 'Give $each alone.');
  return parseEach(operand['$each'], '$addToSet', field);
}

function pull(operand: unknown, field: string): Change {
  const matches = compilePull(operand);
  return (current) => without(current, '$pull', field, matches);
}

function pullAll(operand: unknown, field: string): Change {
  if (!Array.isArray(operand)) {
    throw badUpdate(`$pullAll on "${field}" needs a list, not ${shown(operand)}.`, 'Write {"field": [...]}.');
  }
  const values = operand.map((value) => plainValue(value, field));
  return (current) =>
    without(current, '$pullAll', field, (element) => values.some((value) => equalValues(value, element)));
}

function without(current: unknown, operator: string, field: string, leaves: (element: unknown) => boolean): unknown {
  if (current === undefined) return undefined;
  const list = listAt(current, operator, field);
  const kept = list.filter((element) => !leaves(element));
  return kept.length === list.length ? current : kept;
}

function pop(operand: unknown, field: string): Change {
  if (operand !== 1 && operand !== -1) {
    throw badUpdate(`$pop on "${field}" is ${shown(operand)}.`, 'Give 1 for the last element or -1 for the first.');
  }
  return (current) => {
    if (current === undefined) return undefined;
    const list = listAt(current, '$pop', field);
    if (list.length === 0) return current;
    return operand === 1 ? list.slice(0, -1) : list.slice(1);
  };
}

function listAt(current: unknown, operator: string, field: string): readonly unknown[] {
  if (Array.isArray(current)) return current;
  throw badUpdate(
    `${operator} needs a list, but "${field}" is ${kindOf(current)}.`,
    `Use $set to make "${field}" a list.`,
  );
}
