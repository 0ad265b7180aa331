import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIndexSet } from '../../../main/query/index-set.ts';
import type { IndexSet, PlainRecord } from '../../../main/query/types.ts';
import type { IndexSpec, SortSpec } from '../../../shared/store/store.ts';

/** An index set and its rows, which a store would keep beside it. */
function indexed(specs: readonly IndexSpec[], rows: Readonly<Record<string, Record<string, unknown>>> = {}) {
  const held = new Map<string, PlainRecord>();
  const set = createIndexSet(held);
  for (const spec of specs) set.define(spec);
  const put = (id: string, fields: Record<string, unknown>): void => {
    const row = { ...fields, id };
    set.put(id, held.get(id), row);
    held.set(id, row);
  };
  const remove = (id: string): void => {
    const row = held.get(id);
    if (row) set.remove(id, row);
    held.delete(id);
  };
  for (const [id, fields] of Object.entries(rows)) put(id, fields);
  return { set, rows: held, put, remove };
}

test('an index is named as MongoDB names it, or as asked', () => {
  const { set } = indexed([]);
  expect(set.define({ fields: { a: 1, 'b.c': -1 } })).toBe('a_1_b.c_-1');
  expect(set.define({ fields: { a: 1 }, name: 'mine' })).toBe('mine');
});

test('the same index defined twice is one; another one of that name is refused', () => {
  const { set } = indexed([{ fields: { a: 1 } }]);
  expect(set.define({ fields: { a: 1 } })).toBe('a_1');
  expect(() => set.define({ fields: { a: 1 }, unique: true })).toThrow(
    expect.objectContaining({ code: 'BAD_FILTER', message: expect.stringContaining('a_1') }),
  );
});

test.each([{}, { a: 2 }, { 'a.0': 1 }, { '': 1 }])('an index on %j is refused', (fields) => {
  // Index fields come from people and programs that no type holds.
  expect(() => indexed([{ fields: fields as SortSpec }])).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
});

test('a second row with a unique key is a conflict in MongoDB’s shape', () => {
  const { set } = indexed([{ fields: { user: 1, key: -1 }, unique: true }], { r1: { user: 'u', key: 5 } });
  expect(set.conflict('r2', { user: 'u', key: 5 })).toEqual({
    index: 'user_1_key_-1',
    keyPattern: { user: 1, key: -1 },
    keyValue: { user: 'u', key: 5 },
    id: 'r1',
  });
  expect(set.conflict('r2', { user: 'u', key: 6 })).toBeUndefined();
});

test('a row is no conflict with itself', () => {
  const { set } = indexed([{ fields: { key: 1 }, unique: true }], { r1: { key: 'k' } });
  expect(set.conflict('r1', { key: 'k' })).toBeUndefined();
});

test('an absent field counts as null in a unique index', () => {
  const { set } = indexed([{ fields: { key: 1 }, unique: true }], { r1: {} });
  expect(set.conflict('r2', { key: null })).toMatchObject({ id: 'r1', keyValue: { key: null } });
});

test('a partial unique index holds only the rows that match', () => {
  const spec = { fields: { key: 1 }, unique: true, partial: { key: { $exists: true } } } as const;
  const { set, put } = indexed([spec], { r1: {}, r2: { key: 'k' } });
  expect(set.conflict('r3', {})).toBeUndefined();
  expect(set.conflict('r3', { key: 'k' })).toMatchObject({ id: 'r2' });
  put('r2', {});
  expect(set.conflict('r3', { key: 'k' })).toBeUndefined();
});

test('lists conflict by their elements, but not within one row', () => {
  const { set } = indexed([{ fields: { tags: 1 }, unique: true }], { r1: { tags: ['a', 'b', 'b'] } });
  expect(set.conflict('r2', { tags: ['c', 'b'] })).toMatchObject({ id: 'r1', keyValue: { tags: 'b' } });
  expect(set.conflict('r2', { tags: ['c', 'c'] })).toBeUndefined();
});

test('a unique index over rows that break it already is refused and not kept', () => {
  const { set } = indexed([], { r1: { key: 'k' }, r2: { key: 'k' } });
  expect(() => set.define({ fields: { key: 1 }, unique: true })).toThrow(
    expect.objectContaining({ code: 'DUPLICATE_KEY', details: expect.objectContaining({ keyValue: { key: 'k' } }) }),
  );
  expect(set.conflict('r3', { key: 'k' })).toBeUndefined();
  expect(set.plan({ key: 'k' }).kind).toBe('scan');
});

test('lists in two fields of one index are refused by the check; a row put all the same is found', () => {
  const { set, put } = indexed([{ fields: { a: 1, b: 1 } }]);
  // Enough others, lest a scan be cheaper than the index.
  for (let at = 10; at < 40; at++) put(`r${at}`, { a: 1, b: at });
  expect(() => set.conflict('r2', { a: [1], b: [2] })).toThrow(expect.objectContaining({ code: 'BAD_RECORD' }));
  put('r2', { a: [7, 8], b: [2, 3] });
  const found = [{ a: 8 }, { a: 8, b: 3 }, { a: { $gt: 6 }, b: 2 }].map((filter) => [...set.plan(filter).ids()]);
  expect(found).toEqual([['r2'], ['r2'], ['r2']]);
  put('r2', { a: 9, b: 9 });
  expect([...set.plan({ a: 8 }).ids()]).toEqual([]);
});

test('rows that the caller excepts are no conflict, and do not hide another one', () => {
  const specs = [
    { fields: { a: 1 }, unique: true },
    { fields: { b: 1 }, unique: true },
  ] as const;
  const { set } = indexed(specs, { r1: { a: 1, b: 1 }, r2: { a: 2, b: 2 } });
  expect(set.conflict('r3', { a: 1, b: 2 }, (other) => other === 'r1')).toMatchObject({ id: 'r2', index: 'b_1' });
  expect(set.conflict('r3', { a: 1, b: 1 }, (other) => other === 'r1')).toBeUndefined();
});

test('an index added later holds the rows there are', () => {
  const { set } = indexed([], { r1: { a: 1 }, r2: { a: 2 } });
  set.define({ fields: { a: 1 } });
  expect({ ...set.plan({ a: 2 }).explain() }).toMatchObject({ kind: 'index', index: 'a_1', estimate: 1, exact: true });
});

const hundred = Object.fromEntries(
  Array.from({ length: 100 }, (_, at) => [
    `r${String(at).padStart(2, '0')}`,
    { user: `u${at % 10}`, at: (at * 37) % 100, tags: [`t${at % 4}`, 'all'], open: at % 2 === 0 },
  ]),
);
const specs: readonly IndexSpec[] = [
  { fields: { at: -1 } },
  { fields: { user: 1 } },
  { fields: { tags: 1 } },
  { fields: { user: 1, at: -1 } },
  { fields: { closed_at: 1 }, partial: { closed_at: { $exists: true } } },
];

test.each([
  [
    'ids are looked up',
    { id: { $in: ['r05', 'nowhere', 'r01'] } },
    undefined,
    undefined,
    { kind: 'id', estimate: 2, exact: true },
  ],
  [
    'an equality uses its index',
    { user: 'u3' },
    undefined,
    undefined,
    { kind: 'index', estimate: 10, exact: true, bounds: { user: '["u3", "u3"]' } },
  ],
  [
    'an element of a list uses its index',
    { tags: 't1' },
    undefined,
    undefined,
    { kind: 'index', index: 'tags_1', estimate: 25, exact: true },
  ],
  [
    'a range uses its index',
    { at: { $gte: 90, $lt: 95 } },
    undefined,
    undefined,
    { kind: 'index', index: 'at_-1', estimate: 5, exact: true, bounds: { at: '[90, 95)' } },
  ],
  [
    'values listed use the index',
    { user: { $in: ['u1', 'u2'] } },
    undefined,
    undefined,
    { kind: 'index', estimate: 20, exact: true },
  ],
  [
    'a sort with a limit walks an index',
    {},
    { at: -1 },
    5,
    { kind: 'order', index: 'at_-1', direction: 'forward', sorted: true, exact: true },
  ],
  [
    'a sort the other way walks it backward',
    {},
    { at: 1 },
    5,
    { kind: 'order', index: 'at_-1', direction: 'backward', sorted: true },
  ],
  [
    'equality and sort share a compound index',
    { user: 'u3' },
    { at: -1 },
    5,
    { kind: 'index', index: 'user_1_at_-1', sorted: true, exact: true, estimate: 10 },
  ],
  [
    'a sort on a field that is fixed is left out',
    { user: 'u3' },
    { user: 1, at: 1 },
    5,
    { kind: 'index', index: 'user_1_at_-1', direction: 'backward', sorted: true },
  ],
  [
    'a condition without index is left to be checked',
    { user: 'u3', open: true },
    undefined,
    undefined,
    { kind: 'index', exact: false, estimate: 10 },
  ],
  ['a rare value wins over the order', { user: 'u3', open: true }, { open: 1 }, 5, { kind: 'index', sorted: false }],
  ['null is looked up and checked', { user: null }, undefined, undefined, { kind: 'index', exact: false, estimate: 0 }],
  [
    'a partial index serves what implies its filter',
    { closed_at: { $gt: 3 } },
    undefined,
    undefined,
    { kind: 'index', index: 'closed_at_1', estimate: 0 },
  ],
  [
    'a partial index never serves a filter it does not cover',
    { closed_at: null },
    undefined,
    undefined,
    { kind: 'scan' },
  ],
  ['a partial index gives no order of all', {}, { closed_at: 1 }, 5, { kind: 'scan', sorted: false }],
  ['a pattern scans', { user: /u1/ }, undefined, undefined, { kind: 'scan', exact: false }],
  [
    'a pattern that says how the text begins is a range of it',
    { user: /^u1/ },
    undefined,
    undefined,
    { kind: 'index', index: 'user_1', bounds: { user: '["u1", "u2")' }, exact: false },
  ],
  ['a pattern that may begin otherwise scans', { user: /^u1|x/ }, undefined, undefined, { kind: 'scan' }],
  ['a pattern without case scans', { user: /^u1/i }, undefined, undefined, { kind: 'scan' }],
  [
    'either of two values, each looked up',
    { $or: [{ user: 'u3' }, { id: 'r97' }] },
    undefined,
    undefined,
    { kind: 'index', index: 'user_1', estimate: 11, exact: true },
  ],
  [
    'either, where one cannot be looked up, scans',
    { $or: [{ user: 'u3' }, { note: 'x' }] },
    undefined,
    undefined,
    { kind: 'scan' },
  ],
  ['a negation scans', { user: { $ne: 'u1' } }, undefined, undefined, { kind: 'scan', exact: false }],
  ['a list as a whole scans', { tags: ['t1', 'all'] }, undefined, undefined, { kind: 'scan', exact: false }],
  ['ids in order', {}, { id: -1 }, 3, { kind: 'order', index: 'id_1', direction: 'backward', sorted: true }],
  [
    'a range of ids',
    { id: { $gt: 'r97' } },
    undefined,
    undefined,
    { kind: 'index', index: 'id_1', estimate: 2, exact: true },
  ],
] as const)('%s', (_, filter, sort, limit, explanation) => {
  const { set } = indexed(specs, hundred);
  expect(set.plan(filter, sort, limit).explain()).toMatchObject(explanation);
});

test('two fields of one list are met by two elements, though the index holds a key per element', () => {
  const { set } = indexed([{ fields: { 'a.x': 1, 'a.y': 1 } }], {
    r1: {
      a: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    },
    r2: { a: [{ x: 5, y: 4 }] },
  });
  const plan = set.plan({ 'a.x': 1, 'a.y': 4 });
  expect([plan.kind, plan.exact, [...plan.ids()]]).toEqual(['index', false, ['r1']]);
});

test('a page by order and id begins where the last one ended', () => {
  const { set, rows } = indexed([{ fields: { user: 1 } }], hundred);
  const ids = [...set.plan({}, { user: -1, id: -1 }).ids()];
  expect(set.plan({}, { user: -1, id: -1 }, 5).sorted).toBe(true);
  expect(ids).toEqual(
    [...rows.keys()].sort((a, b) => `${b}`.slice(2).localeCompare(`${a}`.slice(2)) || (a < b ? 1 : -1)),
  );
});

test('ids are lazy: the newest few of many are given without walking the rest', () => {
  const { set, put } = indexed([{ fields: { at: -1 } }]);
  for (let at = 0; at < 20_000; at++) put(`r${at}`, { at: (at * 7919) % 20_000 });
  const [first, second] = set.plan({}, { at: -1 }, 2).ids();
  expect([first, second].map((id) => (Number(id?.slice(1)) * 7919) % 20_000)).toEqual([19_999, 19_998]);
});

const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom('x', null, undefined) },
  { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }) },
);
const change = fc.record({
  id: fc.integer({ min: 0, max: 12 }).map((at) => `r${at}`),
  row: fc.option(fc.record({ a: value, b: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] }), { nil: undefined }),
  looks: fc.boolean(),
});

function contents(set: IndexSet): unknown {
  const sorts: readonly SortSpec[] = [{ a: 1 }, { b: 1, a: -1 }, { id: 1 }];
  const lookups = [0, 1, 2, 3, 'x', null].flatMap((a) => [{ a }, { b: 1, a }]);
  return [
    ...sorts.map((sort) => [...set.plan({}, sort).ids()]),
    ...lookups.map((filter) => [set.plan(filter).explain(), [...set.plan(filter).ids()].sort()]),
  ];
}

test('after any sequence of puts and removes the indexes are what a fresh build gives', () => {
  const indexes: readonly IndexSpec[] = [
    { fields: { a: 1 } },
    { fields: { b: 1, a: -1 } },
    { fields: { b: -1 }, name: 'partial', partial: { a: { $gte: 2 } } },
  ];
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const { set, rows, put, remove } = indexed(indexes);
      for (const { id, row, looks } of changes) {
        if (row === undefined) remove(id);
        else put(id, row);
        // Looking at the order in between makes the index sort what it holds so far.
        if (looks) contents(set);
      }
      const fresh = createIndexSet(rows);
      for (const spec of indexes) fresh.define(spec);
      expect(contents(set)).toEqual(contents(fresh));
    }),
    { numRuns: 300 },
  );
});

test('thousands of rows stay in order through splits, updates and removals', () => {
  const { set, rows, put, remove } = indexed([{ fields: { at: 1 } }]);
  const order = (): string[] => [...set.plan({}, { at: 1 }).ids()];
  for (let at = 0; at < 3000; at++) put(`r${at}`, { at: (at * 7919) % 1000 });
  order();
  for (let at = 0; at < 3000; at += 2) put(`r${at}`, { at: (at * 31) % 1500 });
  for (let at = 0; at < 3000; at += 3) remove(`r${at}`);
  for (let at = 5000; at < 7000; at++) {
    put(`r${at}`, { at: at % 700 });
    if (at % 50 === 0) order();
  }
  const expected = [...rows.values()]
    .map((row) => ({ id: String(row['id']), at: Number(row['at']) }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map((row) => row.id);
  expect(order()).toEqual(expected);
});

/** Rows grouped by `talk`, and how many of them were looked at. */
function grouped(count: number, groups: number) {
  const rows = new Map<string, PlainRecord>();
  for (let at = 0; at < count; at++) rows.set(`r${at}`, { id: `r${at}`, talk: `t${at % groups}`, at: count - at });
  let looks = 0;
  const idsOf = (value: string): string[] =>
    [...rows.values()].filter((row) => row['talk'] === value).map((row) => String(row['id']));
  const set = createIndexSet({
    get size() {
      return rows.size;
    },
    has: (id) => rows.has(id),
    get: (id) => {
      looks += 1;
      return rows.get(id);
    },
    keys: () => rows.keys(),
    groups: { field: 'talk', count: (value) => idsOf(value).length, ids: idsOf },
  });
  set.define({ fields: { talk: 1, at: 1 } });
  set.define({ fields: { at: -1 } });
  return { set, rows, looks: () => looks };
}

test('a group of rows is found without an index being filled', () => {
  const { set, looks } = grouped(1000, 100);
  const plan = set.plan({ talk: 't7' }, { at: 1 });
  expect(plan.explain()).toMatchObject({ kind: 'group', estimate: 10, sorted: false, exact: false });
  expect([...plan.ids()]).toHaveLength(10);
  expect([...set.plan({ talk: { $in: ['t1', 't2'] } }).ids()]).toHaveLength(20);
  expect(looks()).toBe(0);
  // Not a group by itself: anything but texts, and what excludes.
  for (const filter of [{ talk: null }, { talk: { $ne: 't1' } }, { talk: { $gt: 't1' } }]) {
    expect(set.plan(filter).kind).not.toBe('group');
  }
});

test('a question fills only the indexes that may answer it', () => {
  const { set, looks } = grouped(1000, 100);
  expect(set.plan({ other: 1 }).kind).toBe('scan');
  expect(looks()).toBe(0);
  expect(set.plan({}, { at: -1 }, 10).explain()).toMatchObject({ kind: 'order', index: 'at_-1' });
  expect(looks()).toBe(1000);
});

test('warming fills what groups do not answer, in small steps, and minds changes in between', () => {
  const { set, rows, looks } = grouped(2000, 10);
  let steps = 0;
  for (const _ of set.warm()) {
    steps += 1;
    if (steps !== 2) continue;
    const row = { id: 'late', talk: 't1', at: -1 };
    rows.set('late', row);
    set.put('late', undefined, row);
  }
  expect(steps).toBeGreaterThan(4);
  const before = looks();
  expect([...set.plan({}, { at: -1 }).ids()].at(-1)).toBe('late');
  expect([...set.plan({}, { at: -1 }).ids()]).toHaveLength(2001);
  expect(looks()).toBe(before);
});
