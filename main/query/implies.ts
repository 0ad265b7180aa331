import { conjuncts } from './clause.ts';
import type { Clause, FieldTest } from './clause.ts';
import { compareValues, equalValues, rankOf } from './compare-values.ts';
import { compileParsed } from './compile-filter.ts';

/**
 * Whether every record that meets the filter is in an index with this partial filter. True only where that is plain
 * to see; otherwise the index is not used, which is slower and never wrong.
 */
export function implies(filter: readonly Clause[], partial: Clause): boolean {
  return conjuncts(partial).every((needed) =>
    filter.some((given) => equalClauses(given, needed) || covers(given, needed)),
  );
}

function equalClauses(a: Clause, b: Clause): boolean {
  return equalValues(comparable(a), comparable(b));
}

/** Patterns become text, since values that are compared are JSON. */
function comparable(value: unknown): unknown {
  if (value instanceof RegExp) return { pattern: String(value) };
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, comparable(member)]));
}

function covers(given: Clause, needed: Clause): boolean {
  if (given.kind !== 'field' || needed.kind !== 'field' || given.field !== needed.field) return false;
  if (needed.test.operator === '$exists') return findsOnlyPresent(given.test);
  if (given.test.operator === '$eq') return findsOnlyValues([given.test.operand], needed);
  if (given.test.operator === '$in' && given.test.patterns.length === 0) {
    return findsOnlyValues(given.test.operands, needed);
  }
  return isTighter(given.test, needed.test);
}

/** Any comparison with something but null needs a value to be there. */
function findsOnlyPresent(test: FieldTest): boolean {
  switch (test.operator) {
    case '$eq':
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return test.operand !== null;
    case '$in':
      return !test.operands.includes(null);
    default:
      return true;
  }
}

/**
 * A record that has the value, alone or in a list, meets a comparison that the value itself meets. Plain values
 * only: a list or object can be equal as a whole while it is compared by its parts.
 */
function findsOnlyValues(operands: readonly unknown[], needed: Clause & { readonly kind: 'field' }): boolean {
  if (operands.some((operand) => operand === null || typeof operand === 'object')) return false;
  if (needed.test.operator === '$size' || needed.test.operator === '$elemMatch') return false;
  const test = compileParsed({ ...needed, field: 'value' });
  return operands.every((operand) => test({ value: operand }));
}

/** `$gt: 5` lies within `$gt: 3` and `$gte: 5`. */
function isTighter(given: FieldTest, needed: FieldTest): boolean {
  if (!isRange(given) || !isRange(needed) || given.operator[1] !== needed.operator[1]) return false;
  if (given.operand === null || rankOf(given.operand) !== rankOf(needed.operand)) return false;
  const order = compareValues(given.operand, needed.operand) * (given.operator[1] === 'g' ? 1 : -1);
  return order > 0 || (order === 0 && (needed.operator.endsWith('e') || !given.operator.endsWith('e')));
}

function isRange(test: FieldTest): test is FieldTest & { readonly operand: unknown } {
  return ['$gt', '$gte', '$lt', '$lte'].includes(test.operator);
}
