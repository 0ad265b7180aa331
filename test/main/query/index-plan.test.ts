import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBy } from '../../../main/query/compare-by.ts';
import { compileFilter } from '../../../main/query/compile-filter.ts';
import { conjuncts } from '../../../main/query/clause.ts';
import { createIndexSet } from '../../../main/query/index-set.ts';
import { parseFilter } from '../../../main/query/parse-filter.ts';
import { indexCandidate, wantedOrder } from '../../../main/query/plan.ts';
import { SecondaryIndex } from '../../../main/query/secondary-index.ts';
import type { Plan, PlainRecord } from '../../../main/query/types.ts';
import type { Filter, IndexSpec, SortSpec } from '../../../shared/store/store.ts';

const scalar = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'b', 'ab') },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
);
const part = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });
const value = fc.oneof(
  { weight: 2, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: part },
  {
    weight: 2,
    arbitrary: fc.array(fc.oneof({ weight: 1, arbitrary: scalar }, { weight: 3, arbitrary: part }), { maxLength: 3 }),
  },
);
/** One field at most holds lists (`c`), as compound indexes demand. */
const record = fc.record({ a: scalar, b: scalar, c: value }, { requiredKeys: [] });
const field = fc.constantFrom('a', 'b', 'c', 'c', 'c.x', 'c.x', 'c.y', 'id');
const operand = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 1, arbitrary: fc.constantFrom('id3', [1], { x: 1 }) },
);
const range = fc
  .uniqueArray(fc.tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), operand), {
    minLength: 1,
    maxLength: 2,
    selector: ([operator]) => operator,
  })
  .map((pairs) => Object.fromEntries(pairs));
const condition: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: operand },
  { weight: 1, arbitrary: fc.record({ $in: fc.array(operand, { maxLength: 3 }) }) },
  { weight: 4, arbitrary: range },
  { weight: 1, arbitrary: fc.record({ $exists: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(/^a/, /^ab?/, /^b*/, /^id1/, /^A/i, /^a|b/, /^\.a/, { $regex: '^id' }, { $not: /^a/ }),
  },
);
const conditions = fc.uniqueArray(fc.tuple(field, condition), { maxLength: 3, selector: ([name]) => name });
const filter: fc.Arbitrary<Filter> = fc.oneof(
  { weight: 4, arbitrary: conditions.map((pairs) => Object.fromEntries(pairs)) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('$and', '$or', '$or'), conditions, conditions, fc.oneof(fc.constant([]), conditions))
      .map(([operator, one, other, beside]) => ({
        ...Object.fromEntries(beside),
        [operator]: [Object.fromEntries(one), Object.fromEntries(other)],
      })),
  },
);
const direction = fc.constantFrom(1 as const, -1 as const);
const sort: fc.Arbitrary<SortSpec> = fc
  .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'c', 'c.x', 'c.x', 'id'), direction), {
    maxLength: 2,
    selector: ([name]) => name,
  })
  .map((pairs) => Object.fromEntries(pairs));

const specs: readonly IndexSpec[] = [
  { fields: { a: 1 } },
  { fields: { b: -1 } },
  { fields: { c: 1 } },
  { fields: { c: -1, a: 1 } },
  { fields: { a: 1, b: -1 } },
  { fields: { b: 1, c: 1, a: -1 } },
  { fields: { 'c.x': 1 } },
  { fields: { 'c.x': -1, 'c.y': 1 } },
  { fields: { b: -1, id: 1 } },
  { fields: { b: 1 }, name: 'partial exists', partial: { b: { $exists: true } } },
  { fields: { a: -1, b: 1 }, name: 'partial from', partial: { a: { $gte: 2 } } },
  { fields: { a: 1 }, name: 'partial above', partial: { a: { $gt: 2 } } },
  { fields: { c: 1 }, name: 'partial list', partial: { c: { $lt: 3 }, b: { $in: [1, 2] } } },
];

const rowsOf = (records: readonly PlainRecord[]): ReadonlyMap<string, PlainRecord> =>
  new Map(records.map((each, at) => [`id${at}`, { ...each, id: `id${at}` } as PlainRecord]));

/** The plan's ids turned into the answer, as a store does it; against what a scan finds. */
function expectAnswerOfScan(plan: Plan, rows: ReadonlyMap<string, PlainRecord>, asked: Filter, order: SortSpec): void {
  const ids = [...plan.ids()];
  expect(new Set(ids).size).toBe(ids.length);
  const found = ids.map((id) => rows.get(id) as PlainRecord);
  const matches = plan.exact ? found : found.filter(compileFilter(asked));
  const scanned = [...rows.values()].filter(compileFilter(asked));
  if (Object.keys(order).length === 0) expect(new Set(matches)).toEqual(new Set(scanned));
  else expect(plan.sorted ? matches : matches.toSorted(compareBy(order))).toEqual(scanned.toSorted(compareBy(order)));
}

test('every index that can serve a question gives the answer of a scan, in the same order', () => {
  const served = { exact: 0, checked: 0, sorted: 0, lists: 0 };
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 4, maxLength: 24 }),
      fc.array(fc.tuple(filter, sort), { minLength: 1, maxLength: 12 }),
      (records, questions) => {
        const rows = rowsOf(records);
        const indexes = specs.map((spec) => new SecondaryIndex(spec));
        for (const index of indexes) for (const [id, row] of rows) index.apply(id, index.change(undefined, row));
        for (const [asked, order] of questions) {
          const clauses = conjuncts(parseFilter(asked));
          const question = { rows, clauses, order: wantedOrder(order), limit: Number.POSITIVE_INFINITY };
          for (const index of indexes) {
            const plan = indexCandidate(index, question)?.plan;
            if (plan === undefined) continue;
            expectAnswerOfScan(plan, rows, asked, order);
            served[plan.exact ? 'exact' : 'checked']++;
            if (plan.sorted && Object.keys(order).length > 0) served.sorted++;
            if (index.hasLists(0)) served.lists++;
          }
        }
      },
    ),
    { numRuns: 1500 },
  );
  for (const count of Object.values(served)) expect(count).toBeGreaterThan(500);
});

test('the plan chosen gives the answer of a scan, whichever it is', () => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(record, { maxLength: 30 }),
      fc.subarray([...specs]),
      fc.array(fc.tuple(filter, sort), { minLength: 1, maxLength: 8 }),
      (records, chosen, questions) => {
        const rows = rowsOf(records);
        const set = createIndexSet(rows);
        for (const spec of chosen) set.define(spec);
        for (const [asked, order] of questions) {
          const plan = set.plan(asked, order);
          kinds.add(plan.kind);
          expectAnswerOfScan(plan, rows, asked, order);
        }
      },
    ),
    { numRuns: 300 },
  );
  expect([...kinds].sort()).toEqual(['id', 'index', 'order', 'scan']);
});
