import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordDiff } from '../../../renderer/features/memory/word-diff.ts';

const textOf = (pieces: readonly { readonly text: string }[]): string => pieces.map(({ text }) => text).join('');

test('what differs is marked word by word', () => {
  const { was, is } = wordDiff('I live in Linz.', 'I live in Graz, near the river.');
  expect(was.filter(({ isSame }) => !isSame)).toEqual([{ text: 'Linz', isSame: false }]);
  expect(textOf(is.filter(({ isSame }) => !isSame))).toBe('Graz, near the river');
});

test('both sides stay whole, and what is the same is the same on both', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.', 'é'), maxLength: 40 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { was, is } = wordDiff(before, after);
      expect([textOf(was), textOf(is)]).toEqual([before, after]);
      const same = (pieces: typeof was): string => textOf(pieces.filter(({ isSame }) => isSame));
      expect(same(was)).toBe(same(is));
    }),
  );
});

test('very long texts are not compared word by word', () => {
  const long = 'word '.repeat(5000);
  expect(wordDiff(long, `${long}!`).was).toEqual([{ text: long, isSame: false }]);
});
