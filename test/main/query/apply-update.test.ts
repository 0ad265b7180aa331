import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyUpdate } from '../../../main/query/apply-update.ts';
import { AppError } from '../../../shared/errors.ts';

const now = '2026-11-20T12:00:00.000Z';

function updated(record: Record<string, unknown>, update: Record<string, unknown>, isInsert = false): unknown {
  return applyUpdate(record, update, { now, isInsert }).record;
}

type Row = readonly [
  title: string,
  record: Record<string, unknown>,
  update: Record<string, unknown>,
  result: Record<string, unknown>,
];

test.each<Row>([
  ['$set makes the way to a path', {}, { $set: { 'a.b': 1 } }, { a: { b: 1 } }],
  ['$set reaches an element by number', { a: [1, 2] }, { $set: { 'a.1': 9 } }, { a: [1, 9] }],
  ['$set past the end fills with nulls', { a: [1] }, { $set: { 'a.3': 9 } }, { a: [1, null, null, 9] }],
  ['a number on the way to nothing is a field', {}, { $set: { 'a.0': 1 } }, { a: { 0: 1 } }],
  ['new fields come in order of their names', {}, { $set: { c: 1, a: 2 }, $inc: { b: 3 } }, { a: 2, b: 3, c: 1 }],
  ['a date given in code is written as ISO text', {}, { $set: { a: new Date(0) } }, { a: '1970-01-01T00:00:00.000Z' }],
  ['$unset takes a field away', { a: { b: 1, c: 2 } }, { $unset: { 'a.b': '' } }, { a: { c: 2 } }],
  ['$unset leaves a null in a list', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
  ['$unset of what is not there does nothing', { a: 1 }, { $unset: { 'a.b.c': '' } }, { a: 1 }],
  ['$inc starts from 0', { a: 2 }, { $inc: { a: 3, b: -1 } }, { a: 5, b: -1 }],
  ['$mul makes a missing field 0', { a: 2 }, { $mul: { a: 3, b: 3 } }, { a: 6, b: 0 }],
  ['$min and $max set what is missing', {}, { $min: { a: 1 }, $max: { b: 2 } }, { a: 1, b: 2 }],
  ['$min compares across types', { a: 'x' }, { $min: { a: 5 } }, { a: 5 }],
  ['$max keeps the greater', { a: 7 }, { $max: { a: 5 } }, { a: 7 }],
  ['$rename moves a value over another', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
  ['$rename of nothing leaves the target', { b: 2 }, { $rename: { a: 'b' } }, { b: 2 }],
  ['$currentDate writes ISO text', {}, { $currentDate: { a: true, b: { $type: 'date' } } }, { a: now, b: now }],
  ['$setOnInsert waits for an insert', { a: 1 }, { $setOnInsert: { 'a.b': 2 } }, { a: 1 }],
  ['$push makes a list', {}, { $push: { a: 1 } }, { a: [1] }],
  ['$push adds a list as one element', { a: [] }, { $push: { a: [1, 2] } }, { a: [[1, 2]] }],
  ['$push $each adds each', { a: [1] }, { $push: { a: { $each: [2, 3] } } }, { a: [1, 2, 3] }],
  [
    '$position counts from the end below 0',
    { a: [1, 2] },
    { $push: { a: { $each: [9], $position: -1 } } },
    { a: [1, 9, 2] },
  ],
  ['$slice below 0 keeps the last', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: -2 } } }, { a: [2, 3] }],
  ['$slice 0 empties', { a: [1, 2] }, { $push: { a: { $each: [3], $slice: 0 } } }, { a: [] }],
  [
    '$sort comes before $slice',
    { a: [{ n: 3 }, { n: 1 }] },
    { $push: { a: { $each: [{ n: 2 }], $slice: 2, $sort: { n: 1 } } } },
    { a: [{ n: 1 }, { n: 2 }] },
  ],
  ['$addToSet adds what is not there, once', { a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
  [
    '$addToSet heeds the order of fields',
    { a: [{ x: 1, y: 2 }] },
    { $addToSet: { a: { y: 2, x: 1 } } },
    {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  ],
  ['$pull takes equal values', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
  ['$pull takes what an operator finds', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
  [
    '$pull takes objects by their fields',
    { a: [{ x: 1, y: 1 }, { x: 2 }, 1] },
    { $pull: { a: { x: 1 } } },
    { a: [{ x: 2 }, 1] },
  ],
  ['$pull asks inner lists as it asks a field', { a: [[6], [1], 7] }, { $pull: { a: { $gte: 5 } } }, { a: [[1]] }],
  ['$pull with a value leaves inner lists', { a: [[6], 6] }, { $pull: { a: 6 } }, { a: [[6]] }],
  ['$pull takes what a pattern finds', { a: ['ab', 'b', 1] }, { $pull: { a: /^a/ } }, { a: ['b', 1] }],
  ['$pull takes whole lists when given one', { a: [[1], 1] }, { $pull: { a: [1] } }, { a: [1] }],
  ['$pullAll takes each value', { a: [1, 2, 3, 1] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
  ['$pop takes the last or the first', { a: [1, 2], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1], b: [2] }],
  [
    '$pop, $pull and $pullAll leave what is not there',
    {},
    { $pop: { a: 1 }, $pull: { b: 1 }, $pullAll: { c: [1] } },
    {},
  ],
  ['the id may be set to what it is', { id: 'r' }, { $set: { _id: 'r', a: 1 } }, { id: 'r', a: 1 }],
])('%s', (_, record, update, result) => {
  expect(JSON.stringify(updated(record, update))).toBe(JSON.stringify(result));
});

test('$setOnInsert and an id are taken on an insert', () => {
  expect(updated({ a: 1 }, { $setOnInsert: { id: 'x', b: 2 } }, true)).toEqual({ a: 1, b: 2, id: 'x' });
});

test('an update that changes nothing gives back the very record', () => {
  const record = { id: 'r', a: [1, { x: 1 }], n: 3 };
  const update = { $set: { a: [1, { x: 1 }] }, $addToSet: { 'b.c': { $each: [] } }, $min: { n: 5 }, $inc: { m: 0 } };
  const { $set, $min } = update;
  const changesNothing = [
    [record, { $set, $min, $pull: { z: 1 }, $unset: { y: '' } }],
    [{ list: [null] }, { $unset: { 'list.0': '' } }],
  ] as const;
  for (const [before, each] of changesNothing) {
    const result = applyUpdate(before, each, { now, isInsert: false });
    expect(result.modified).toBe(false);
    expect(result.record).toBe(before);
  }
});

test('what is written is a copy, so that a caller’s later change does not reach it', () => {
  const given = { x: [1] };
  const record = updated({}, { $set: { a: given }, $push: { b: given } });
  given.x.push(2);
  expect(record).toEqual({ a: { x: [1] }, b: [{ x: [1] }] });
});

test.each<readonly [update: unknown, named: string]>([
  [{}, 'no operator'],
  [{ title: 'x' }, '"title"'],
  [{ $set: { a: 1 }, title: 'x' }, '"title"'],
  [[{ $set: { a: 1 } }], 'object'],
  [{ $foo: { a: 1 } }, '$foo'],
  [{ $bit: { a: { and: 1 } } }, '$bit'],
  [{ $set: 1 }, '$set'],
  [{ $set: { a: 1 }, $inc: { a: 1 } }, '"a"'],
  [{ $set: { 'o.x': 1, o: 2 } }, '"o"'],
  [{ $set: { o: 2, 'o.x': 1 } }, '"o"'],
  [{ $rename: { text: 'text' } }, '"text"'],
  [{ $rename: { text: 'o.x', o: 'p' } }, '"o"'],
  [{ $rename: { text: 1 } }, '$rename'],
  [{ $rename: { text: 'list.0' } }, 'list'],
  [{ $rename: { 'list.0': 'x' } }, 'list'],
  [{ $rename: { 'text.x': 'y' } }, 'text'],
  [{ $set: { 'text.x': 1 } }, '"text" is a text'],
  [{ $set: { 'nothing.x': 1 } }, 'null'],
  [{ $set: { 'list.x': 1 } }, '"list" is a list'],
  [{ $pull: { 'text.x': 1 } }, '"text"'],
  [{ $set: { 'list.2000000': 1 } }, 'too far'],
  [{ $set: { 'list.$': 1 } }, 'positions'],
  [{ $set: { 'list.$[]': 1 } }, 'positions'],
  [{ $set: { 'list.$[e].x': 1 } }, 'positions'],
  [{ $set: { $a: 1 } }, '$a'],
  [{ $set: { '': 1 } }, 'empty'],
  [{ $set: { 'a..b': 1 } }, 'empty'],
  [{ $set: { id: 'other' } }, 'id'],
  [{ $set: { _id: 'other' } }, 'id'],
  [{ $unset: { id: '' } }, 'id'],
  [{ $rename: { id: 'key' } }, 'id'],
  [{ $set: { 'id.x': 1 } }, 'id'],
  [{ $inc: { n: 'x' } }, '$inc'],
  [{ $inc: { text: 1 } }, '$inc'],
  [{ $mul: { nothing: 1 } }, '$mul'],
  [{ $mul: { n: 1e308 } }, 'Infinity'],
  [{ $set: { a: Number.NaN } }, 'NaN'],
  [{ $set: { a: () => 1 } }, 'function'],
  [{ $set: { a: new Map() } }, 'Map'],
  [{ $set: { a: [/x/] } }, 'RegExp'],
  [{ $currentDate: { a: { $type: 'timestamp' } } }, 'timestamp'],
  [{ $push: { text: 1 } }, '$push'],
  [{ $push: { list: { $each: 1 } } }, '$each'],
  [{ $push: { list: { $slice: 1 } } }, '$each'],
  [{ $push: { list: { $each: [], $foo: 1 } } }, '$foo'],
  [{ $push: { list: { $each: [], $slice: 1.5 } } }, '$slice'],
  [{ $push: { list: { $each: [], $sort: 2 } } }, '$sort'],
  [{ $push: { list: { $each: [], $sort: { a: 2 } } } }, 'sort'],
  [{ $addToSet: { n: 1 } }, '$addToSet'],
  [{ $addToSet: { list: { $each: [1], x: 1 } } }, 'x'],
  [{ $pull: { list: { $foo: 1 } } }, '$foo'],
  [{ $pull: { list: { $not: { $gt: 1 } } } }, '$not'],
  [{ $pull: { text: 1 } }, '$pull'],
  [{ $pullAll: { list: 1 } }, '$pullAll'],
  [{ $pop: { list: 2 } }, '$pop'],
  [{ $pop: { n: 1 } }, '$pop'],
  [JSON.parse('{"$set":{"__proto__":{"polluted":1}}}'), '__proto__'],
  [{ $set: { 'a.constructor.b': 1 } }, 'constructor'],
  [JSON.parse('{"$push":{"list":{"a":{"__proto__":1}}}}'), '__proto__'],
  [{ $rename: { text: 'prototype' } }, 'prototype'],
])('%j is refused, and the message names %s', (update, named) => {
  const record = { id: 'r', text: 'secret', n: 1e308, nothing: null, list: [1], o: { x: 1 } };
  const before = structuredClone(record);
  try {
    // Bad updates come from people and programs that no type holds.
    updated(record, update as Record<string, unknown>);
    throw new Error('Not refused');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    expect(error.code).toBe('BAD_UPDATE');
    expect(error.message).toContain(named);
    expect(error.message).not.toContain('secret');
    expect(error.remedy).not.toBe('');
  }
  expect(record).toEqual(before);
});

const leaf = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom('', 'x', null, true));
const value = fc.oneof(
  leaf,
  fc.array(fc.oneof(leaf, fc.record({ a: leaf })), { maxLength: 3 }),
  fc.record({ a: leaf, b: fc.array(leaf, { maxLength: 2 }) }, { requiredKeys: [] }),
);
const path = fc.constantFrom('a', 'b', 'c', 'a.a', 'a.b', 'b.0', 'b.1.a', 'c.a.b');
const step = fc.oneof(
  fc.tuple(fc.constantFrom('$set', '$unset', '$min', '$max', '$push', '$addToSet', '$pull'), path, value),
  fc.tuple(fc.constantFrom('$inc', '$mul', '$pop'), path, fc.constantFrom(1, -1)),
  fc.tuple(fc.constant('$rename'), path, path),
  fc.tuple(
    fc.constant('$push'),
    path,
    fc.record({
      $each: fc.array(leaf, { maxLength: 3 }),
      $sort: fc.constantFrom(1, -1),
      $slice: fc.integer({ min: -2, max: 2 }),
    }),
  ),
);

test('no update, refused or not, touches the record it is given', () => {
  const frozen = (each: unknown): unknown => {
    if (typeof each === 'object' && each !== null) Object.values(Object.freeze(each)).forEach(frozen);
    return each;
  };
  let applied = 0;
  fc.assert(
    fc.property(
      fc.record({ a: value, b: value, c: value }, { requiredKeys: [] }),
      fc.array(step, { minLength: 1, maxLength: 3 }),
      (fields, steps) => {
        const record = { id: 'r', ...fields };
        const before = JSON.stringify(record);
        const update: Record<string, Record<string, unknown>> = {};
        for (const [operator, field, operand] of steps) update[operator] = { ...update[operator], [field]: operand };
        try {
          // Frozen objects throw when written to; the text would show what freezing cannot.
          const result = applyUpdate(frozen(record) as typeof record, frozen(update) as typeof update, {
            now,
            isInsert: false,
          });
          expect(result.modified).toBe(JSON.stringify(result.record) !== before);
          applied++;
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'BAD_UPDATE') throw error;
        }
        expect(JSON.stringify(record)).toBe(before);
      },
    ),
    { numRuns: 2000 },
  );
  expect(applied).toBeGreaterThan(300);
});
