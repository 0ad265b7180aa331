import type { Clause, RangeOperator } from './clause.ts';
import { compareValues, rank, rankOf } from './compare-values.ts';
import { shown } from './errors.ts';

/** Values between two ends, in the order of compareValues. */
export interface Interval {
  readonly low: unknown;
  readonly lowOpen: boolean;
  readonly high: unknown;
  readonly highOpen: boolean;
}

/** Where in an index a clause's matches are: each has a key in one of the intervals, which ascend and lie apart. */
export interface Bounds {
  readonly intervals: readonly Interval[];
  /** Every key in the intervals is a match. */
  readonly exact: boolean;
}

/** The bounds of a clause on one field; undefined where an index does not help. */
export function boundsOf(clause: Clause): Bounds | undefined {
  if (clause.kind !== 'field') return undefined;
  const { test } = clause;
  switch (test.operator) {
    case '$eq':
      return points([test.operand]);
    case '$in':
      return test.patterns.length === 0 ? points(test.operands) : undefined;
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return range(test.operator, test.operand);
    case '$regex':
      return prefixed(test.pattern);
    default:
      return undefined;
  }
}

/** What a pattern that is tied to the beginning asks for literally: `^abc`. Quoted: what means itself behind a backslash. */
const BEGINNING = /^\^((?:[\w :@#%&=~"'<>,;!`-]|\\[-./])+)(.?)/u;

/** The texts that begin as the pattern does; undefined where it may match others. */
function prefixed({ source, flags }: RegExp): Bounds | undefined {
  const [, literal = '', next = ''] = (!/[im]/.test(flags) && !source.includes('|') && BEGINNING.exec(source)) || [];
  const letters = literal.replaceAll('\\', '');
  // A quantifier is about the last letter alone.
  const prefix = '*+?{'.includes(next) && next !== '' ? letters.slice(0, -1) : letters;
  if (prefix === '') return undefined;
  const behind = prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
  return { intervals: [{ low: prefix, lowOpen: false, high: behind, highOpen: true }], exact: false };
}

/** A list is equal to a whole list, while the keys are its elements: no bounds for it. */
function points(operands: readonly unknown[]): Bounds | undefined {
  if (operands.some((operand) => !isKey(operand))) return undefined;
  const ascending = [...operands].sort(compareValues);
  const distinct = ascending.filter((value, at) => at === 0 || compareValues(value, ascending[at - 1]) !== 0);
  return {
    intervals: distinct.map((value) => ({ low: value, lowOpen: false, high: value, highOpen: false })),
    // The key null also stands for elements that have no such field at all, which null does not match.
    exact: !operands.includes(null),
  };
}

function isKey(operand: unknown): boolean {
  const operandRank = rankOf(operand);
  return operandRank <= rank.object || operandRank === rank.boolean;
}

/** The first and the last value of a type that has ranges; the end of one is the beginning of the next. */
const extents = new Map<number, Interval>([
  [rank.number, { low: Number.NEGATIVE_INFINITY, lowOpen: false, high: Number.POSITIVE_INFINITY, highOpen: false }],
  [rank.string, { low: '', lowOpen: false, high: {}, highOpen: true }],
  [rank.object, { low: {}, lowOpen: false, high: [], highOpen: true }],
  [rank.boolean, { low: false, lowOpen: false, high: true, highOpen: false }],
]);

function range(operator: RangeOperator, operand: unknown): Bounds | undefined {
  const extent = extents.get(rankOf(operand));
  if (extent === undefined || Number.isNaN(operand)) return undefined;
  const isOpen = operator === '$gt' || operator === '$lt';
  const interval =
    operator === '$gt' || operator === '$gte'
      ? { ...extent, low: operand, lowOpen: isOpen }
      : { ...extent, high: operand, highOpen: isOpen };
  return { intervals: [interval], exact: true };
}

/** What lies in both; for fields without lists, where one value has to satisfy all clauses. */
export function intersect(a: Bounds, b: Bounds): Bounds {
  const intervals = a.intervals.flatMap((one) => b.intervals.flatMap((other) => overlap(one, other)));
  return { intervals, exact: a.exact && b.exact };
}

function overlap(a: Interval, b: Interval): Interval[] {
  const lows = compareValues(a.low, b.low) || Number(a.lowOpen) - Number(b.lowOpen);
  const highs = compareValues(a.high, b.high) || Number(b.highOpen) - Number(a.highOpen);
  const { low, lowOpen } = lows >= 0 ? a : b;
  const { high, highOpen } = highs <= 0 ? a : b;
  const order = compareValues(low, high);
  return order < 0 || (order === 0 && !lowOpen && !highOpen) ? [{ low, lowOpen, high, highOpen }] : [];
}

export function isPoint(interval: Interval): boolean {
  return !interval.lowOpen && !interval.highOpen && compareValues(interval.low, interval.high) === 0;
}

/** `["a", "b")`, for people. */
export function shownInterval({ low, lowOpen, high, highOpen }: Interval): string {
  return `${lowOpen ? '(' : '['}${shown(low)}, ${shown(high)}${highOpen ? ')' : ']'}`;
}
