import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBy } from '../../../main/query/compare-by.ts';
import { type Clause, conjuncts } from '../../../main/query/clause.ts';
import { compileFilter } from '../../../main/query/compile-filter.ts';
import { createIndexSet } from '../../../main/query/index-set.ts';
import { parseFilter } from '../../../main/query/parse-filter.ts';
import { DocumentRows } from '../../../main/store/document-rows.ts';
import { RowColumn } from '../../../main/store/row-column.ts';
import { rowSearch } from '../../../main/store/row-search.ts';
import type { Row, RowView } from '../../../main/store/row.ts';

const ids = Array.from({ length: 40 }, (_, at) => `id-${String(at).padStart(2, '0')}`);
const id = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ids) },
  { weight: 1, arbitrary: fc.constantFrom('größe', '名', 'x'.repeat(700)) },
);
/** Few, so that many are equal. */
const exactTime = fc.nat(20).map((at) => new Date(Date.UTC(2026, 0, 1) + at * 7_000_000).toISOString());
const strangeTime = fc.constantFrom('2026-01-01T00:00:00Z', '+012026-01-01T00:00:00.000Z', 'once');
const value = fc.oneof(
  fc.constantFrom<unknown>(
    'a',
    'b',
    'chat',
    '',
    'true',
    'é',
    '名',
    'A longer text '.repeat(9),
    0,
    1,
    -1.5,
    true,
    false,
    null,
  ),
  fc.constantFrom<unknown>([], ['x'], ['x', 'y'], { app: 'a', at: 1 }, { app: 'b', list: [{ n: 1 }, { n: 2 }] }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const rowWith = (time: fc.Arbitrary<string>): fc.Arbitrary<Row> =>
  fc
    .record({
      id,
      created: time,
      updated: fc.option(time, { nil: undefined }),
      fields: fc.record({ title: value, kind: value, source: value }, { requiredKeys: [] }),
      length: fc.integer({ min: 0, max: 5 }),
      crc: fc.nat(),
      pending: fc.option(fc.constant('{}'), { nil: undefined, freq: 8 }),
      path: fc.option(fc.constant('2026/01/01/moved.json'), { nil: undefined, freq: 8 }),
    })
    .map(({ id: own, created, updated = created, fields, length, crc, pending, path }) => ({
      view: { id: own, created_at: created, updated_at: updated, ...fields },
      place: {
        file: null,
        length,
        crc,
        ...(path !== undefined && { path }),
        ...(pending !== undefined && { pending }),
      },
    }));
const stepsOf = (row: fc.Arbitrary<Row>) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: row.map((each) => ({ put: each })) },
      { weight: 1, arbitrary: id.map((each) => ({ remove: each })) },
    ),
    { maxLength: 120 },
  );

type Steps = readonly ({ put: Row } | { remove: string })[];

function filled(steps: Steps, rows = new DocumentRows(), model = new Map<string, Row>()) {
  for (const step of steps) {
    if ('put' in step) {
      rows.set(step.put.view.id, step.put);
      model.set(step.put.view.id, step.put);
    } else expect(rows.delete(step.remove)).toBe(model.delete(step.remove));
  }
  return { rows, model };
}

test('rows come back as they were put, whatever was put, replaced and removed before', () => {
  fc.assert(
    fc.property(stepsOf(rowWith(fc.oneof(exactTime, exactTime, strangeTime))), (steps) => {
      const { rows, model } = filled(steps);
      expect(rows.size).toBe(model.size);
      expect(new Set(rows.keys())).toEqual(new Set(model.keys()));
      expect(new Map([...rows.values()].map((row) => [row.view.id, row]))).toEqual(model);
      for (const each of ids) {
        expect(rows.has(each)).toBe(model.has(each));
        expect(rows.get(each)).toEqual(model.get(each));
      }
    }),
  );
});

/** What a snapshot keeps of rows, in another table. */
function restored({ rows, model }: ReturnType<typeof filled>) {
  const again = new DocumentRows();
  again.restore(
    [...rows.columns.values()].map(({ field, number, values }) => new RowColumn(field, number, values)),
    rows.blocks,
  );
  const isLoose = new Set([...rows.loose()].map(({ row }) => row.view.id));
  return { rows: again, model: new Map([...model].filter(([each]) => !isLoose.has(each))) };
}

const newestFirst = { field: 'updated_at', direction: -1, idDirection: -1 } as const;

test('rows that were restored are found at once, before they are placed and after', () => {
  const steps = stepsOf(rowWith(exactTime));
  fc.assert(
    fc.property(
      steps,
      fc.array(id, { minLength: 12, maxLength: 40 }),
      fc.nat(3),
      steps,
      (before, asked, warmed, after) => {
        const { rows, model } = restored(filled(before));
        for (const each of asked) {
          expect(rows.has(each)).toBe(model.has(each));
          expect(rows.get(each)).toEqual(model.get(each));
        }
        const listed = rowSearch(rows, () => true).ids({ clauses: [], order: newestFirst, limit: 50 });
        for (const each of listed) expect(rows.part(each, [])).toEqual({ id: each });
        const warming = rows.warm();
        for (let at = 0; at < warmed; at += 1) warming.next();
        filled(after, rows, model);
        expect(rows.size).toBe(model.size);
        expect(new Map([...rows.values()].map((row) => [row.view.id, row]))).toEqual(model);
        for (const each of ids) expect(rows.get(each)).toEqual(model.get(each));
      },
    ),
  );
});

test('the heap is packed again when most of it is waste, and nothing is lost', () => {
  const rows = new DocumentRows();
  const view = (at: number, version: number): RowView => ({
    id: `row-${at}`,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    title: `${at % 2 === 0 ? '名' : 'A'} title of its own, ${'longer, '.repeat(at % 60)}${at} ${version}`,
  });
  for (let version = 0; version < 50; version += 1) {
    for (let at = 0; at < 100; at += 1)
      rows.set(`row-${at}`, { view: view(at, version), place: { file: null, length: 1, crc: 0 } });
  }
  for (let at = 0; at < 100; at += 1) expect(rows.get(`row-${at}`)?.view).toEqual(view(at, 49));
  expect(rows.blocks[0]?.heap.bytes.length).toBeLessThan(3 * 100 * 400);
});

const operand = fc.oneof(value, exactTime, strangeTime);
const fieldTest = fc.oneof(
  operand.map((each) => each),
  fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne').chain((name) => operand.map((each) => ({ [name]: each }))),
  fc.array(operand, { maxLength: 3 }).map((each) => ({ $in: each })),
  fc.constantFrom({ $exists: true }, { $exists: false }, { $regex: '^a' }, { $type: 'string' }, { $size: 1 }),
);
const field = fc.constantFrom(
  'title',
  'kind',
  'source',
  'source.app',
  'source.list.n',
  'created_at',
  'updated_at',
  'id',
);
const oneField = field.chain((name) => fieldTest.map((test) => ({ [name]: test })));
const filter = fc.oneof(
  oneField,
  fc.array(oneField, { minLength: 1, maxLength: 3 }).map((each) => ({ $and: each })),
  fc.array(oneField, { minLength: 1, maxLength: 3 }).map((each) => ({ $or: each })),
  fc.tuple(oneField, oneField).map(([a, b]) => ({ $nor: [a], ...b })),
);
/** As the planner takes it apart. */
const parsed = (given: object): readonly Clause[] | undefined => {
  try {
    return conjuncts(parseFilter(given));
  } catch {
    return undefined;
  }
};

function partOf(row: Row | undefined): Record<string, unknown> {
  const { id: own, title, updated_at, source }: Record<string, unknown> = row?.view ?? {};
  return { id: own, ...(title !== undefined && { title }), updated_at, ...(source !== undefined && { source }) };
}

test('columns judge every filter as records are judged', () => {
  fc.assert(
    fc.property(stepsOf(rowWith(fc.oneof(exactTime, exactTime, strangeTime))), filter, (steps, asked) => {
      const clauses = parsed(asked);
      fc.pre(clauses !== undefined);
      const { rows, model } = filled(steps);
      const matches = compileFilter(asked);
      const expected = [...model.values()].filter(({ view }) => matches(view)).map(({ view }) => view.id);
      const question = { clauses, limit: Number.POSITIVE_INFINITY };
      const found = [...rowSearch(rows, () => true).ids(question)];
      expect(found.toSorted()).toEqual(expected.toSorted());
      const parts = [...rowSearch(rows, () => true).parts(question, ['title', 'updated_at', 'source'])];
      expect(parts).toEqual(found.map((each) => partOf(model.get(each))));
    }),
    { numRuns: 400 },
  );
});

test('a condition that one numbered value meets is also asked of long values, absent ones and places that are empty', () => {
  const rows = new DocumentRows();
  const time = '2026-01-01T00:00:00.000Z';
  const fields: Record<string, Record<string, unknown>> = {
    text: { title: 'a' },
    list: { title: ['a', 'long '.repeat(20)] },
    null: { title: null },
    none: { kind: 'b' },
    gone: { kind: 'b' },
  };
  for (const [own, more] of Object.entries(fields)) {
    const view = { id: own, created_at: time, updated_at: time, ...more };
    rows.set(own, { view, place: { file: null, length: 1, crc: 1 } });
  }
  rows.delete('gone');
  const found = (asked: object) => [
    ...rowSearch(rows, () => true).ids({ clauses: parsed(asked) ?? [], limit: Number.POSITIVE_INFINITY }),
  ];
  expect(found({ title: 'a' })).toEqual(['text', 'list']);
  expect(found({ title: null })).toEqual(['null', 'none']);
  expect(found({ title: { $exists: false } })).toEqual(['none']);
  expect(found({ title: { $ne: 'a' } })).toEqual(['null', 'none']);
  rows.delete('list');
  expect(found({ title: null })).toEqual(['null', 'none']);
  expect(found({ title: 'a', kind: { $exists: false } })).toEqual(['text']);
});

test('columns put rows in the order of a time as sorting does, and stop where enough is found', () => {
  const direction = fc.constantFrom(1 as const, -1 as const);
  fc.assert(
    fc.property(
      stepsOf(rowWith(exactTime)),
      fc.constantFrom('created_at', 'updated_at'),
      direction,
      direction,
      fc.integer({ min: 1, max: 60 }),
      oneField,
      (steps, by, order, idDirection, limit, asked) => {
        const clauses = parsed(asked);
        fc.pre(clauses !== undefined);
        const { rows, model } = filled(steps);
        const matches = compileFilter(asked);
        const expected = [...model.values()]
          .map(({ view }) => view)
          .filter(matches)
          .toSorted(compareBy({ [by]: order, id: idDirection }))
          .slice(0, limit)
          .map(({ id: own }) => own);
        const search = rowSearch(rows, () => true);
        expect(search.orders(by)).toBe(true);
        const question = { clauses, order: { field: by, direction: order, idDirection }, limit };
        expect([...search.ids(question)]).toEqual(expected);
        const parts = [...search.parts(question, ['title', 'updated_at', 'source'])];
        expect(parts).toEqual(expected.map((each) => partOf(model.get(each))));
      },
    ),
    { numRuns: 400 },
  );
});

test('thousands of rows are searched without an index being filled, newest first too', () => {
  const rows = new DocumentRows();
  const at = (number: number): string =>
    new Date(Date.UTC(2026, 0, 1) + ((number * 7919) % 10_007) * 60_000).toISOString();
  for (let number = 0; number < 10_000; number += 1) {
    const time = at(number);
    const view = {
      id: `r${number}`,
      created_at: time,
      updated_at: time,
      kind: `k${number % 10}`,
      title: `Title ${number}`,
    };
    rows.set(view.id, { view, place: { file: null, length: 1, crc: 1 } });
  }
  let made = 0;
  const set = createIndexSet({
    get size() {
      return rows.size;
    },
    has: (own) => rows.has(own),
    get: (own) => ((made += 1), rows.get(own)?.view),
    keys: () => rows.keys(),
    columns: rowSearch(rows, (name) => name !== 'text'),
  });
  set.define({ fields: { updated_at: -1 } });
  set.define({ fields: { kind: 1 } });
  set.define({ fields: { key: 1 }, unique: true, partial: { key: { $exists: true } } }, true);

  const newest = set.plan({}, { updated_at: -1 }, 50);
  expect(newest.explain()).toMatchObject({ kind: 'columns', sorted: true, exact: true, estimate: 10_000 });
  const sorted = [...rows.values()].map(({ view }) => view).toSorted(compareBy({ updated_at: -1 }));
  expect([...newest.ids()]).toEqual(sorted.slice(0, 50).map(({ id: own }) => own));

  const ofKind = set.plan({ $or: [{ kind: 'k3' }, { title: /^Title 7$/ }] });
  expect(ofKind).toMatchObject({ kind: 'columns', exact: true });
  expect([...ofKind.ids()]).toHaveLength(1_001);

  const several = set.plan({ kind: { $in: ['k3', 'k5'] }, title: { $ne: 'Title 3' }, updated_at: { $gt: at(0) } });
  const ofSeveral = [...rows.values()]
    .map(({ view }) => view)
    .filter(compileFilter({ kind: { $in: ['k3', 'k5'] }, title: { $ne: 'Title 3' }, updated_at: { $gt: at(0) } }));
  expect([...(several.parts?.(['kind']) ?? [])]).toEqual(ofSeveral.map(({ id: own, kind }) => ({ id: own, kind })));

  const partly = set.plan({ kind: 'k3', text: 'x' }, { updated_at: 1 }, 5);
  expect(partly).toMatchObject({ kind: 'columns', exact: false, sorted: true });
  expect([...partly.ids()]).toHaveLength(1_000);
  expect(set.plan({ text: 'x' }).kind).toBe('scan');

  expect(set.conflict('new', { key: 'a' })).toBeUndefined();
  expect(set.conflict('new', { kind: 'k1' })).toBeUndefined();
  expect([...set.warm()]).toEqual([]);
  expect(made).toBe(0);
});

test('what a part holds is the caller’s own', () => {
  const rows = new DocumentRows();
  const view = { id: 'a', created_at: '2026-01-01T00:00:00.000Z', updated_at: 'once', tags: ['x'] };
  rows.set('a', { view, place: { file: null, length: 1, crc: 1 } });
  rows.set('b', { view: { ...view, id: 'b', updated_at: view.created_at }, place: { file: null, length: 1, crc: 1 } });
  for (const id of ['a', 'b']) {
    (rows.part(id, ['tags']) as { tags: string[] }).tags.push('y');
    expect(rows.part(id, ['tags', 'missing', 'created_at'])).toEqual({ id, tags: ['x'], created_at: view.created_at });
  }
  expect(rows.part('c', ['tags'])).toBeUndefined();
});

test('a day is dropped with all its rows', () => {
  fc.assert(
    fc.property(stepsOf(rowWith(fc.oneof(exactTime, exactTime, fc.constant('2026-01-01T00:00:00Z')))), (steps) => {
      const { rows, model } = filled(steps);
      const day = ({ view, place }: Row): string =>
        (place.file === null && place.path) || view.created_at.slice(0, 10).replaceAll('-', '/');
      rows.dropDays(new Set(['2026/01/01']));
      const left = [...model.values()].filter((row) => !day(row).startsWith('2026/01/01'));
      expect(new Set([...rows.values()].map((row) => row.view.id))).toEqual(new Set(left.map((row) => row.view.id)));
    }),
  );
});
