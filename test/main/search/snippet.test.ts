import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuery } from '../../../main/search/query.ts';
import { makeSnippet } from '../../../main/search/snippet.ts';

function marked(text: string, query: string): string {
  const { snippet, ranges } = makeSnippet(text, parseQuery(query));
  let out = '';
  let from = 0;
  for (const [start, end] of ranges) {
    out += `${snippet.slice(from, start)}[${snippet.slice(start, end)}]`;
    from = end;
  }
  return out + snippet.slice(from);
}

test('the words are marked as they stand in the original, whatever their case and accents', () => {
  expect(marked('A Crème brûlée, please', 'creme BRUL')).toBe('A [Crème] [brûlée], please');
  expect(marked('私は日本語を話す', '日本')).toBe('私は[日本]語を話す');
  expect(marked('call foo_bar() now', 'foo_bar now')).toBe('call [foo_bar]() [now]');
  expect(marked('I like C++ and C', 'c++')).toBe('I like [C++] and C');
});

test('line breaks and runs of blanks become one blank, and the marks move along', () => {
  expect(marked('one\n\n  two\t\tthree\u0000four', 'three')).toBe('one two [three] four');
});

test('a long text is cut around the place with the most words, at word borders', () => {
  const text = `needle ${'x '.repeat(300)}a needle in the haystack stands here ${'y '.repeat(300)}`;
  const { snippet } = makeSnippet(text, parseQuery('needle haystack'));
  expect(snippet).toMatch(/^…(x )+a needle in the haystack stands here (y )+y…$/);
  expect(snippet.length).toBeLessThan(175);
});

test('text without words is marked too', () => {
  expect(marked('x => y, z => w', '=>')).toBe('x [=>] y, z [=>] w');
});

test('ranges are in order, apart, inside the snippet, and mark the found words', () => {
  const words = fc.constantFrom('alpha', 'Béta', '日本', '👍🏽', 'foo_bar', 'x', 'C++', '\n', 'a'.repeat(200));
  fc.assert(
    fc.property(fc.array(words, { maxLength: 80 }), words, (parts, wanted) => {
      const { snippet, ranges } = makeSnippet(parts.join(' '), parseQuery(wanted));
      let from = 0;
      for (const [start, end] of ranges) {
        expect(start).toBeGreaterThanOrEqual(from);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(snippet.length);
        from = end;
      }
      expect(snippet.isWellFormed()).toBe(true);
      if (wanted !== '\n' && parts.includes(wanted)) expect(ranges.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
