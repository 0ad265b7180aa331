import { isAbsolute, join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectionFolder, dayOf, documentPath, fileNameOf, logPath } from '../../../main/store/layout.ts';

const hostile = [
  '../x',
  '..',
  '.',
  '/etc/passwd',
  'a/b',
  'a\\b',
  'C:\\x',
  'C:',
  '\\\\server\\share',
  'CON',
  'con',
  'nul.txt',
  'com1',
  'LPT9',
  'aux',
  'x'.repeat(300),
  'x'.repeat(1024),
  'Abc',
  'abc',
  'ABC',
  'file.json',
  'a:stream',
  'trailing.',
  'trailing ',
  ' lead',
  '%2e%2e%2f',
  '~',
  '-rf',
  '_index',
  '_',
  '🜁',
  'é',
  'e\u0301',
  'ﬁ',
  'I',
  'ı',
  '\u202Egnp.exe',
  '\0',
  '*',
  '?',
  '|',
  '<>',
  '"',
  '__proto__',
];
const anyId = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ minLength: 1, maxLength: 80, unit: 'binary' }),
  fc.string({ minLength: 1, maxLength: 80 }),
  fc.stringMatching(/^[a-zA-Z0-9._/\\:%~-]{1,70}$/),
);

test('no id leads out of its collection’s folder', () => {
  fc.assert(
    fc.property(anyId, (id) => {
      for (const path of [documentPath(id, '2026-02-21T09:00:00.000Z'), logPath(id, '2026-02-21T09:00:00.000Z')]) {
        const inside = relative('/vault/data/messages', join(collectionFolder('/vault', 'messages'), path));
        expect(isAbsolute(inside) || inside.startsWith('..')).toBe(false);
        expect(inside).toMatch(/^2026\/02\/21\/[a-z0-9_-]{1,64}\.(?:nd)?json$/);
      }
    }),
    { numRuns: 2000 },
  );
});

test('two ids never share a name, not even where the disk folds case', () => {
  fc.assert(
    fc.property(anyId, anyId, (a, b) => {
      if (a !== b) expect(fileNameOf(a).toLowerCase()).not.toBe(fileNameOf(b).toLowerCase());
    }),
    { numRuns: 2000 },
  );
  expect(new Set(hostile.map(fileNameOf)).size).toBe(hostile.length);
  // The name made for one id, taken as an id itself.
  for (const id of hostile) expect(fileNameOf(fileNameOf(id)) === fileNameOf(id)).toBe(fileNameOf(id) === id);
});

test('plain ids are their own names, device names and the rest are not', () => {
  expect(['abc12345', '0190a2b4-0000-7000-8000-000000000000', 'a_b', 'con1', 'com'].map(fileNameOf)).toEqual([
    'abc12345',
    '0190a2b4-0000-7000-8000-000000000000',
    'a_b',
    'con1',
    'com',
  ]);
  for (const id of ['con', 'nul', 'lpt1', 'Abc', '_a', 'x'.repeat(65)])
    expect(fileNameOf(id)).toMatch(/^_[a-z2-7]{26}$/);
});

test('a day is the UTC day', () => {
  expect(dayOf('2026-02-21T23:59:59.999Z')).toBe('2026/02/21');
  expect(dayOf('2026-02-21T23:30:00-05:00')).toBe('2026/02/22');
  expect(dayOf('2026-01-01T00:30:00+05:30')).toBe('2025/12/31');
});
