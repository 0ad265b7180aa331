import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDuplicateIndex, likeness } from '../../../main/memory/duplicates.ts';
import { sketchOf } from '../../../main/memory/text/sketch.ts';

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

const someText = fc
  .array(fc.constantFrom('lives', 'oslo', 'not', 'never', 'rust', 'violin', '42', 'viola', 'plays', 'the', '…'), {
    maxLength: 6,
  })
  .map((words) => words.join(' '));

test('whatever was put in, changed and removed, it finds what comparing all would find', () => {
  const anyChange = fc.record({ id: fc.nat(40), text: fc.option(someText, { nil: null }) });
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 120 }), someText, fc.nat(120), (changes, wanted, early) => {
      const index = createDuplicateIndex();
      const there = new Map<string, string>();
      for (const [at, { id, text }] of changes.entries()) {
        if (text === null) index.remove(String(id));
        else index.put(String(id), text);
        if (text === null) there.delete(String(id));
        else there.set(String(id), text);
        if (at === early) index.find(wanted);
      }
      const all = [...there].flatMap(([id, text]) => {
        const { likeness: how, similarity } = likeness(wanted, text);
        const isBare = sketchOf(wanted).grams.length === 0 || sketchOf(text).grams.length === 0;
        return how === 'different' || (isBare && how !== 'exact') ? [] : [{ id, likeness: how, similarity }];
      });
      const byId = (a: { id: string }, b: { id: string }): number => Number(a.id) - Number(b.id);
      expect(index.find(wanted).sort(byId)).toEqual(all.sort(byId));
    }),
    { numRuns: 300 },
  );
});
