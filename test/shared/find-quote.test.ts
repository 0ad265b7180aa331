import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findQuote } from '../../shared/find-quote.ts';

const at = (text: string, quote: string): string | undefined => {
  const place = findQuote(text, quote);
  return place && text.slice(...place);
};

test('a sentence is found as it stands', () => {
  expect(at('Hello. I live in Graz. Bye.', 'I live in Graz.')).toBe('I live in Graz.');
});

test('marks of Markdown, line breaks and the addresses of links do not hide it', () => {
  const source = 'Well:\n\n- I **live** in [Graz](https://graz.example/a),\n  near the **river**. And so on.';
  expect(at(source, 'I live in Graz, near the river.')).toBe(
    'I **live** in [Graz](https://graz.example/a),\n  near the **river',
  );
});

test('a word within another word is passed over where it also stands by itself', () => {
  expect(findQuote('Catalogue of a cat', 'cat')).toEqual([15, 18]);
  expect(findQuote('Catalogue', 'cat')).toEqual([0, 3]);
});

test('what is not there is not found, and neither is a quotation without letters', () => {
  expect(findQuote('I live in Graz.', 'I live in Linz.')).toBeUndefined();
  expect(findQuote('I live in Graz!', '…')).toBeUndefined();
  expect(findQuote('', '')).toBeUndefined();
});

test('letters that become longer in lower case do not shift the place', () => {
  const text = 'İstanbul is where I grew up.';
  expect(at(text, 'where I grew up.')).toBe('where I grew up.');
});

test('every run of whole words of a text is found in it, and again without its punctuation', () => {
  const word = fc.stringMatching(/^[A-Za-zäöüß0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), (words, a, b) => {
      const text = words.map((each, n) => (n % 3 === 2 ? `**${each}**,` : each)).join(' ');
      const [from, to] = [a % words.length, b % words.length].sort((x, y) => x - y) as [number, number];
      const quote = words.slice(from, to + 1).join(' ');
      const found = at(text, quote);
      expect(found?.replace(/[*,]/g, '').toLowerCase()).toBe(quote.toLowerCase());
    }),
  );
});
