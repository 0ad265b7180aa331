import { expect, test } from 'vitest';
import { upsertSeed } from '../../../main/query/upsert-seed.ts';

type Row = readonly [title: string, filter: Record<string, unknown>, seed: Record<string, unknown>];

test.each<Row>([
  ['equalities are copied', { a: 1, b: { $eq: 'x' } }, { a: 1, b: 'x' }],
  ['_id becomes the id', { _id: 'r' }, { id: 'r' }],
  ['dotted paths become objects', { 'a.b': 1, 'a.c': 2 }, { a: { b: 1, c: 2 } }],
  ['null is a value', { a: null }, { a: null }],
  ['$and is opened', { $and: [{ a: 1 }, { $and: [{ b: { $eq: 2 } }] }] }, { a: 1, b: 2 }],
  ['an $or of one is opened', { $or: [{ a: 1 }] }, { a: 1 }],
  ['an $or of two says nothing', { $or: [{ a: 1 }, { b: 2 }] }, {}],
  ['$all of one value is an equality', { a: { $all: [1] } }, { a: 1 }],
  ['$in of one value is an equality', { a: { $in: [1, 1] } }, { a: 1 }],
  ['other operators say nothing', { a: { $gt: 1 }, b: { $ne: 2 }, c: { $in: [1, 2] }, d: /x/, $nor: [{ e: 1 }] }, {}],
  ['an equality beside another operator counts', { a: { $eq: 1, $lt: 5 } }, { a: 1 }],
])('%s', (_, filter, seed) => {
  expect(upsertSeed(filter)).toEqual(seed);
});

test.each([
  { a: 1, $and: [{ a: 2 }] },
  { a: { x: 1 }, 'a.y': 2 },
  { 'a.y': 2, a: { x: 1 } },
  JSON.parse('{"__proto__":1}') as Record<string, unknown>,
  { 'a.constructor': 1 },
])('%j is refused', (filter) => {
  expect(() => upsertSeed(filter)).toThrow(expect.objectContaining({ code: 'BAD_FILTER' }));
});
