import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ftsExpression, parseQuery } from '../../../main/search/query.ts';

test('each run without blanks is a phrase, the last may go on', () => {
  expect(parseQuery('say foo_bar 日本')).toEqual({
    kind: 'words',
    phrases: [
      { tokens: ['say'], prefix: false },
      { tokens: ['foo', 'bar'], prefix: false },
      { tokens: ['日', '本'], prefix: true },
    ],
  });
});

test('nothing is syntax: quotes, minus, OR, stars and NUL are ordinary text', () => {
  expect(parseQuery('"a" -b OR c*\0d NEAR(e)')).toEqual({
    kind: 'words',
    phrases: ['a', 'b', 'or', 'c', 'd']
      .map((token) => ({ tokens: [token], prefix: false }))
      .concat({
        tokens: ['near', 'e'],
        prefix: true,
      }),
  });
});

test('text without words is looked for as it stands, blanks alone find nothing', () => {
  expect(parseQuery('  => ')).toEqual({ kind: 'substring', text: '=>' });
  expect(parseQuery(' \n\0 ').kind).toBe('empty');
  expect(parseQuery('').kind).toBe('empty');
});

test('the database understands every query', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE VIRTUAL TABLE words USING fts5(title, body, content='', tokenize="ascii tokenchars '+#'")`);
  const match = database.prepare('SELECT rowid FROM words WHERE words MATCH ?');
  const check = (text: string): void => {
    const query = parseQuery(text);
    if (query.kind === 'words') expect(match.all(ftsExpression(query.phrases))).toEqual([]);
  };
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), check), { numRuns: 500 });
  for (const text of ['"', '""', 'a"b', 'AND', 'NOT x', 'x:y', '{title}:z', '(', '^a', 'a*b*', 'w '.repeat(50_000)])
    check(text);
  database.close();
});
