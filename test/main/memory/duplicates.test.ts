import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDuplicateIndex, likeness } from '../../../main/memory/duplicates.ts';
import { bandsOf, jaccard, minHash } from '../../../main/memory/text/min-hash.ts';

const pairs = readFileSync(join(import.meta.dirname, 'data/pairs.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'));

test('of the pairs that are offered for merging at least 95 % say the same, and 90 % of those that do are found', () => {
  let [right, offered, same] = [0, 0, 0];
  const wrong: string[] = [];
  for (const [kind = '', a = '', b = ''] of pairs) {
    const isOffered = ['exact', 'near'].includes(likeness(a, b).likeness);
    if (kind === 'd') same += 1;
    if (isOffered) offered += 1;
    if (isOffered && kind === 'd') right += 1;
    else if (isOffered !== (kind === 'd')) wrong.push(`${kind} ${a} | ${b} ${likeness(a, b).similarity.toFixed(2)}`);
  }
  expect(right / offered, wrong.join('\n')).toBeGreaterThanOrEqual(0.95);
  expect(right / same, wrong.join('\n')).toBeGreaterThanOrEqual(0.9);
});

test('texts that deny each other or give another number are no duplicates', () => {
  for (const [kind = '', a = '', b = ''] of pairs) {
    if (kind === 'c') expect(['contradicts', 'different'], `${a} | ${b}`).toContain(likeness(a, b).likeness);
  }
  expect(likeness('Likes mushrooms', 'Does not like mushrooms').likeness).toBe('contradicts');
  expect(likeness('Shoe size is 43', 'Shoe size is 42').likeness).toBe('contradicts');
});

test('case, accents, apostrophes and punctuation make no difference', () => {
  expect(likeness('Doesn’t eat CRÈME brûlée!', 'does not eat creme brulee').likeness).toBe('exact');
});

test('the index finds what comparing all would find', () => {
  const texts = [...new Set(pairs.flatMap(([, a = '', b = '']) => [a, b]))];
  const index = createDuplicateIndex();
  for (const text of texts) index.put(text, text);
  for (const text of texts) {
    const all = texts.filter((other) => likeness(text, other).likeness !== 'different').sort();
    expect(
      index
        .find(text)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(all);
  }
});

test('what was removed or replaced is not found any more', () => {
  const index = createDuplicateIndex();
  index.put('a', 'Lives in Oslo');
  index.put('a', 'Lives in Graz');
  expect(index.find('Lives in Oslo')).toEqual([]);
  expect(index.find('lives in graz')).toMatchObject([{ id: 'a', likeness: 'exact', similarity: 1 }]);
  index.remove('a');
  expect(index.find('Lives in Graz')).toEqual([]);
});

test('equal sets have equal signatures, whatever the order; similar ones share a band', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 8, maxLength: 30 }), (members) => {
      expect(minHash(members)).toEqual(minHash(members.toReversed()));
      const fewer = new Set(members.slice(1));
      const bands = new Set(bandsOf(minHash(members)));
      expect(jaccard(fewer, new Set(members))).toBeGreaterThan(0.85);
      expect(bandsOf(minHash(fewer)).some((band) => bands.has(band))).toBe(true);
    }),
  );
});
