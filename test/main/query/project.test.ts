import { expect, test } from 'vitest';
import { project } from '../../../main/query/project.ts';
import type { Projection } from '../../../shared/store/store.ts';

const record = { id: 'r', title: 't', deep: { a: 1, b: { c: 2, d: 3 } }, list: [{ a: 1, b: 2 }, 5, [{ a: 3, b: 4 }]] };

type Row = readonly [title: string, projection: Projection, result: unknown];

test.each<Row>([
  ['nothing asked gives everything', {}, record],
  ['fields asked for come with the id', { title: 1 }, { id: 'r', title: 't' }],
  ['the id is left out when it is 0', { title: 1, id: 0 }, { title: 't' }],
  ['_id is read as id', { title: 1, _id: 0 }, { title: 't' }],
  ['the id alone', { id: 1 }, { id: 'r' }],
  ['fields left out leave the others', { deep: 0, list: false }, { id: 'r', title: 't' }],
  ['only the id left out', { id: 0 }, { title: record.title, deep: record.deep, list: record.list }],
  ['a dotted path keeps the way to it', { 'deep.b.c': 1 }, { id: 'r', deep: { b: { c: 2 } } }],
  ['a dotted path left out', { 'deep.b': 0, list: 0 }, { id: 'r', title: 't', deep: { a: 1 } }],
  ['in lists, objects keep what is asked and scalars go', { 'list.a': 1 }, { id: 'r', list: [{ a: 1 }, [{ a: 3 }]] }],
  [
    'in lists, objects lose what is left out and scalars stay',
    { 'list.a': 0, deep: 0, title: 0 },
    { id: 'r', list: [{ b: 2 }, 5, [{ b: 4 }]] },
  ],
  ['a path through a scalar finds nothing', { 'title.x': true }, { id: 'r' }],
])('%s', (_, projection, result) => {
  expect(project(record, projection)).toEqual(result);
});

test('a field named __proto__ stays a field', () => {
  const strange = JSON.parse('{"id":"r","__proto__":{"x":1},"b":2}') as Record<string, unknown>;
  const projected = project(strange, { b: 0 });
  expect(Object.keys(projected)).toEqual(['id', '__proto__']);
  expect(Object.getPrototypeOf(projected)).toBe(Object.prototype);
});

test.each([
  { a: 1, b: 0 },
  { a: 1, 'a.b': 1 },
  { 'a.b': 1, a: 1 },
  { a: { $slice: 1 } },
  { a: 'x' },
  { 'a.$': 1 },
  { '': 1 },
  [],
])('the projection %j is refused', (projection) => {
  // Projections come from people and programs that no type holds.
  expect(() => project(record, projection as Projection)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
});
