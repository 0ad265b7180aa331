import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBy } from '../../../main/query/compare-by.ts';
import { compareValues } from '../../../main/query/compare-values.ts';
import type { SortSpec } from '../../../shared/store/store.ts';

test('values stand in MongoDB’s order of types, and in their own within one', () => {
  const ascending = [
    undefined,
    null,
    Number.NaN,
    -1,
    0,
    1.5,
    '',
    'a',
    'ab',
    'é',
    '！',
    '😀',
    {},
    { a: 1 },
    { b: 1 },
    // Objects compare the type of each field before its name.
    { a: 'x' },
    [],
    [1],
    [1, 2],
    [2],
    false,
    true,
    new Date(0),
  ];
  const shuffled = ascending.slice(1).toReversed();
  expect(shuffled.sort(compareValues)).toEqual(ascending.slice(1));
  expect(compareValues(undefined, null)).toBeLessThan(0);
});

test('the order of values is total', () => {
  const json = fc.jsonValue({ maxDepth: 2 });
  fc.assert(
    fc.property(json, json, json, (a, b, c) => {
      expect(Math.sign(compareValues(a, b))).toBe(-Math.sign(compareValues(b, a)) + 0);
      if (compareValues(a, b) <= 0 && compareValues(b, c) <= 0) expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      expect(compareValues(a, structuredClone(a))).toBe(0);
    }),
  );
});

function order(sort: SortSpec, records: readonly Record<string, unknown>[]): unknown[] {
  return records
    .map((record, at) => ({ id: `r${at}`, ...record }))
    .sort(compareBy(sort))
    .map((record) => record.id);
}

test('a list sorts by its least element ascending and by its greatest descending', () => {
  const records = [{ a: [5, 1] }, { a: 3 }, { a: [2, 4] }];
  expect(order({ a: 1 }, records)).toEqual(['r0', 'r2', 'r1']);
  expect(order({ a: -1 }, records)).toEqual(['r0', 'r2', 'r1']);
});

test('an absent field sorts as null, an empty list before it', () => {
  expect(order({ a: 1 }, [{ a: 0 }, {}, { a: [] }, { a: null }])).toEqual(['r2', 'r1', 'r3', 'r0']);
});

test('two fields of one list are compared by the element that comes first', () => {
  const records = [
    {
      a: [
        { x: 1, y: 9 },
        { x: 1, y: 2 },
      ],
    },
    { a: [{ x: 1, y: 5 }] },
  ];
  expect(order({ 'a.x': 1, 'a.y': 1 }, records)).toEqual(['r0', 'r1']);
  expect(order({ 'a.x': 1, 'a.y': -1 }, records)).toEqual(['r0', 'r1']);
});

test('equal records stand by id, in the direction of the last field', () => {
  const records = [{ a: 1 }, { a: 1 }, { a: 0 }];
  expect(order({ a: 1 }, records)).toEqual(['r2', 'r0', 'r1']);
  expect(order({ a: -1 }, records)).toEqual(['r1', 'r0', 'r2']);
  expect(order({ a: -1, _id: 1 }, records)).toEqual(['r0', 'r1', 'r2']);
});

test('sorting by two lists of one record is refused', () => {
  expect(() => order({ a: 1, b: 1 }, [{ a: [1], b: [2] }, {}])).toThrow(
    expect.objectContaining({ code: 'BAD_FILTER' }),
  );
});

test.each([{ a: 2 }, { a: '1' }, { a: { $meta: 'textScore' } }, { '': 1 }, { 'a..b': 1 }, { $a: 1 }, 'a'])(
  'the sort %j is refused',
  (sort) => {
    // Sorts come from people and programs that no type holds.
    expect(() => compareBy(sort as SortSpec)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
  },
);
