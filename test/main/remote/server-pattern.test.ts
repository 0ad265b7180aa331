import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serverPattern } from '../../../main/remote/server-pattern.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestDatabase } from './open-test-store.ts';

const url = await sharedMongod('standalone');

const texts = [
  '',
  'a',
  'A',
  'ab',
  'ba',
  'b',
  'a\n',
  '\na',
  'a\nb',
  'a\r',
  'a\u2028',
  '\u2029b',
  ' ',
  '\u00a0',
  '\u3000a',
  '\t',
  'ä',
  'Ä',
  'é',
  'ß',
  'ẞ',
  '😀',
  'a😀b',
  'K',
  'k',
  '\u212a',
  's',
  'ſ',
  '_',
  '1',
  '١',
  '-',
  '.',
  'a.b',
  '$',
  '^',
  '[',
  ']',
  '{',
  '}',
  '(',
  'a|b',
  '\\',
  '/',
  'aa',
  'aaa',
  'x1 y',
  '\u0000',
  '\ufeff',
  '\x0b',
  '\x85',
];
const atoms = [
  'a',
  'b',
  'A',
  'k',
  's',
  'ä',
  '😀',
  '.',
  '^',
  '$',
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\.',
  '\\$',
  '\\\\',
  '\\n',
  '\\/',
  '[ab]',
  '[^a]',
  '[a-z]',
  '[^\\n]',
  '[ä-ü]',
  '[.$]',
  '[]',
  '[^]',
  '[-a]',
  '(a|b)',
  '(?:ab)',
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '(?<n>a)',
  '|',
  '\\p{L}',
  '\\u00e4',
  '\\x61',
  '\\1',
  '{',
  '_',
  '-',
];
const pattern = fc
  .array(fc.tuple(fc.constantFrom(...atoms), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,1}', '*?')), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.map(([atom, quantifier]) => atom + quantifier).join(''));
const flags = fc.constantFrom('u', 'u', 'iu', 'su', '', 'i', 'm', 's');

test('a pattern that is given to the server finds there what it finds here', async () => {
  const { db } = await openTestDatabase(url);
  const server = db.collection('texts');
  await server.insertMany(texts.map((text, at) => ({ _id: at as never, text })));
  const asked = new Map<string, { readonly here: RegExp; readonly there: Record<string, string> }>();
  for (const [source, flag] of fc.sample(fc.tuple(pattern, flags), {
    numRuns: 3_000,
    seed: Number(process.env['ALMANAC_PATTERN_SEED'] ?? 1),
  })) {
    try {
      const here = new RegExp(source, flag);
      const there = serverPattern(here);
      if (there)
        asked.set(String(here), {
          here,
          there: { $regex: there.source, ...(there.options && { $options: there.options }) },
        });
    } catch {
      // JavaScript does not know it: it would have been refused before.
    }
  }
  expect(asked.size).toBeGreaterThan(300);
  for (const { here, there } of asked.values()) {
    const found = await server.find({ text: there }, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray();
    const expected = texts.flatMap((text, at) => (here.test(text) ? [at] : []));
    expect({ pattern: String(here), found: found.map(({ _id }) => Number(_id)) }).toEqual({
      pattern: String(here),
      found: expected,
    });
  }
});

test('what the two do not read alike is judged here', () => {
  for (const each of [
    /\bword/u,
    /\p{L}/u,
    /ä/iu,
    /a/i,
    /(?<=a)b/u,
    /(?=a)A*a/u,
    /(a)\1/u,
    /a$/mu,
    /[^a]/,
    /./,
    new RegExp('[]', 'u'),
    /\W/u,
  ]) {
    expect(serverPattern(each)).toBeNull();
  }
});
