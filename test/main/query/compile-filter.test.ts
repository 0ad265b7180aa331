import { expect, test } from 'vitest';
import { compileFilter } from '../../../main/query/compile-filter.ts';
import { AppError } from '../../../shared/errors.ts';

function matches(filter: Record<string, unknown>, record: Record<string, unknown>): boolean {
  return compileFilter(filter)(record);
}

function refusal(filter: unknown): { code: string; message: string; remedy: string } {
  try {
    // Bad filters come from people and programs that no type holds.
    compileFilter(filter as Record<string, unknown>);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, remedy: error.remedy };
    throw error;
  }
  throw new Error(`Not refused: ${JSON.stringify(filter)}`);
}

type Row = readonly [title: string, filter: Record<string, unknown>, record: Record<string, unknown>, found: boolean];

test.each<Row>([
  ['null finds a null', { a: null }, { a: null }, true],
  ['null finds an absent field', { a: null }, {}, true],
  ['null finds an element that lacks the field', { 'a.b': null }, { a: [{ b: 1 }, {}] }, true],
  ['null finds nothing in a list without objects', { 'a.b': null }, { a: [1, 2] }, false],
  ['null does not find an empty list', { a: null }, { a: [] }, false],
  ['$ne null finds what has a value', { a: { $ne: null } }, { a: 0 }, true],
  ['$gte null finds an absent field', { a: { $gte: null } }, {}, true],
  ['$gt null finds nothing', { a: { $gt: null } }, { a: 1 }, false],
  ['equality finds an element of a list', { a: 2 }, { a: [1, 2] }, true],
  ['equality with a list finds the whole list', { a: [1, 2] }, { a: [1, 2] }, true],
  ['equality with a list finds it as an element', { a: [1, 2] }, { a: [[1, 2], 3] }, true],
  ['equality with an object heeds the order of fields', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, false],
  ['$ne of an element excludes the list', { a: { $ne: 2 } }, { a: [1, 2] }, false],
  ['a range compares one type only', { a: { $lt: 5 } }, { a: '3' }, false],
  ['a range never finds null', { a: { $lt: 5 } }, { a: null }, false],
  ['two elements may meet two conditions', { a: { $gt: 4, $lt: 2 } }, { a: [1, 5] }, true],
  ['$elemMatch asks one element for both', { a: { $elemMatch: { $gt: 4, $lt: 2 } } }, { a: [1, 5] }, false],
  ['$elemMatch does not enter inner lists', { a: { $elemMatch: { $gte: '' } } }, { a: [['x']] }, false],
  ['$elemMatch takes an inner list as an object', { a: { $elemMatch: { b: { $ne: 1 } } } }, { a: [[], 1] }, true],
  ['a path enters the objects of a list', { 'a.b': 2 }, { a: [{ b: 1 }, { b: 2 }] }, true],
  ['a path does not enter lists in lists', { 'a.b': 1 }, { a: [[{ b: 1 }]] }, false],
  ['a number in a path is a position', { 'a.1': 'y' }, { a: ['x', 'y'] }, true],
  ['a number in a path is also a field', { 'a.1': 'y' }, { a: [{ 1: 'y' }] }, true],
  ['a list at a named position is taken whole', { 'a.0': 1 }, { a: [[1]] }, false],
  ['strings are compared by code point', { a: { $gt: '！' } }, { a: '😀' }, true],
  ['$in holds patterns', { a: { $in: [/^b/, 'x'] } }, { a: 'by' }, true],
  ['$in with null finds an absent field', { a: { $in: [null] } }, {}, true],
  ['$nin excludes by any element', { a: { $nin: [1] } }, { a: [1, 2] }, false],
  ['$all asks for every value', { a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
  ['$all of nothing finds nothing', { a: { $all: [] } }, { a: [] }, false],
  ['$all of one value finds a plain one', { a: { $all: [1] } }, { a: 1 }, true],
  ['$size counts exactly', { a: { $size: 2 } }, { a: [[], 1] }, true],
  ['$exists finds null', { a: { $exists: true } }, { a: null }, true],
  ['$exists false finds what no element has', { 'a.b': { $exists: false } }, { a: [1] }, true],
  ['$type looks at elements', { a: { $type: 'string' } }, { a: [1, 'x'] }, true],
  ['$type array finds the list itself', { a: { $type: 'array' } }, { a: [1] }, true],
  ['$type int stops at 32 bits', { a: { $type: 'int' } }, { a: 5_000_000_000 }, false],
  ['$mod cuts fractions off', { a: { $mod: [4, 1] } }, { a: 5.9 }, true],
  ['$mod keeps the sign', { a: { $mod: [4, -1] } }, { a: -5 }, true],
  ['$not finds an absent field', { a: { $not: { $gt: 1 } } }, {}, true],
  ['$not takes a pattern', { a: { $not: /x/ } }, { a: 'y' }, true],
  ['$nor excludes what either finds', { $nor: [{ a: 1 }, { b: 1 }] }, { a: 2, b: 1 }, false],
  ['$or finds what one finds', { $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
  ['$regex heeds $options', { a: { $regex: '^ab', $options: 'i' } }, { a: 'ABC' }, true],
  ['$regex takes a dot for a whole character', { a: { $regex: '^.$' } }, { a: '😀' }, true],
  ['$regex takes escapes that PCRE allows', { a: { $regex: 'a\\-b' } }, { a: 'a-b' }, true],
  ['$regex finds text only', { a: { $regex: '1' } }, { a: 1 }, false],
  ['_id is read as id', { _id: 'x' }, { id: 'x' }, true],
  ['an empty filter finds everything', {}, { a: 1 }, true],
  ['what is inherited is no field', { constructor: { $exists: true } }, {}, false],
])('%s', (_, filter, record, found) => {
  expect(matches(filter, record)).toBe(found);
});

test('a global pattern gives the same answer twice', () => {
  const test = compileFilter({ a: /x/g });
  expect([test({ a: 'x' }), test({ a: 'x' })]).toEqual([true, true]);
});

test.each([
  [{ a: { $foo: 1 } }, '$foo'],
  [{ $foo: 1 }, '$foo'],
  [{ $where: 'true' }, '$where'],
  [{ $expr: { $gt: ['$a', 1] } }, '$expr'],
  [{ a: { $function: 'x' } }, '$function'],
  [{ a: { $gt: 1, b: 2 } }, 'b'],
  [{ $and: [] }, '$and'],
  [{ $or: 'x' }, '$or'],
  [{ $nor: [/x/] }, '$nor'],
  [{ a: { $in: 1 } }, '$in'],
  [{ a: { $in: [{ $gt: 1 }] } }, '$in'],
  [{ a: { $ne: /x/ } }, '$ne'],
  [{ a: { $gt: /x/ } }, '$gt'],
  [{ a: { $not: 1 } }, '$not'],
  [{ a: { $not: {} } }, '$not'],
  [{ a: { $type: 'text' } }, '$type'],
  [{ a: { $type: [] } }, '$type'],
  [{ a: { $size: -1 } }, '$size'],
  [{ a: { $size: 1.5 } }, '$size'],
  [{ a: { $all: 1 } }, '$all'],
  [{ a: { $all: [{ $elemMatch: {} }, 1] } }, '$all'],
  [{ a: { $elemMatch: 1 } }, '$elemMatch'],
  [{ a: { $mod: [0, 1] } }, '$mod'],
  [{ a: { $mod: [4] } }, '$mod'],
  [{ a: { $regex: 1 } }, '$regex'],
  [{ a: { $regex: '(' } }, '$regex'],
  [{ a: { $regex: '\\Ax' } }, '$regex'],
  [{ a: { $regex: 'x'.repeat(1001) } }, '$regex'],
  [{ a: { $regex: 'x', $options: 'x' } }, '$options'],
  [{ a: { $options: 'i' } }, '$options'],
  [{ a: { $regex: /x/i, $options: 'm' } }, '$options'],
  ['a', 'object'],
  [[], 'object'],
])('%j is refused, and the message names %s', (filter, named) => {
  const refused = refusal(filter);
  expect(refused.code).toBe('BAD_FILTER');
  expect(refused.message).toContain(named);
  expect(refused.remedy).not.toBe('');
});

test('what is allowed instead of an unknown operator is listed', () => {
  expect(refusal({ a: { $near: 1 } }).remedy).toContain('$elemMatch');
  expect(refusal({ $where: '1' }).remedy).toContain('$nor');
});

test('nesting beyond MongoDB’s depth is refused before it exhausts the stack', () => {
  let filter: Record<string, unknown> = { a: 1 };
  for (let depth = 0; depth < 100_000; depth++) filter = { $and: [filter] };
  expect(refusal(filter).code).toBe('BAD_FILTER');
  let negation: Record<string, unknown> = { $gt: 1 };
  for (let depth = 0; depth < 100_000; depth++) negation = { $not: negation };
  expect(refusal({ a: negation }).code).toBe('BAD_FILTER');
});
