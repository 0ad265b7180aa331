import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearPattern } from '../../../main/memory/linear-pattern.ts';

const replaced = (pattern: string, text: string) => linearPattern('mine', pattern).replace(text, '|');

const atom = fc.constantFrom(
  'a',
  'b',
  'ab',
  '.',
  '[ab]',
  '[^a]',
  '\\d',
  '\\w',
  'c',
  '\\.',
  '[a-c0-2]',
  '😀',
  'é',
  '\\p{L}',
);
const sign = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{2,}', '*?', '+?', '??');
const part: fc.Arbitrary<string> = fc.letrec((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, atom, tie('group'), tie('chain')),
  group: fc
    .tuple(fc.constantFrom('(', '(?:'), fc.array(tie('node'), { minLength: 1, maxLength: 3 }), sign)
    .map(([open, parts, after]) => `${open}${parts.join('|')})${after}`),
  chain: fc
    .array(
      fc.tuple(atom, sign).map((pair) => pair.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .map((each) => each.join('')),
})).node as fc.Arbitrary<string>;
const framed = fc
  .tuple(fc.constantFrom('', '^', '\\b'), part, fc.constantFrom('', '$', '\\b'))
  .map((each) => each.join(''));
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '0', '.', ' ', '😀', 'é'), maxLength: 14 });

test('it finds what the runtime’s own engine finds', () => {
  let compared = 0;
  fc.assert(
    fc.property(framed, text, (pattern, sample) => {
      try {
        linearPattern('mine', pattern);
      } catch {
        return; // what may match nothing, or repeats it
      }
      compared += 1;
      const native = [...sample.matchAll(new RegExp(pattern, 'gu'))];
      const wanted = { text: sample.replaceAll(new RegExp(pattern, 'gu'), '|'), found: native.length };
      expect(replaced(pattern, sample)).toEqual(wanted);
    }),
    { numRuns: 3_000 },
  );
  expect(compared).toBeGreaterThan(1_000);
});

test('what takes other engines for ever takes no more steps than the text is long', () => {
  const evil = 'a'.repeat(5_000);
  for (const pattern of ['(a|a)+b', '(?:a|aa)+$b', 'a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaab', '(\\w+\\s?)+:x']) {
    expect(replaced(pattern, evil)).toEqual({ text: evil, found: 0 });
  }
});

test('a text on which it would take too long is taken out as a whole', () => {
  expect(replaced('a(?:.*b)?', 'a'.repeat(2_000))).toEqual({ text: '|', found: expect.any(Number) as number });
});

test.each([
  '(?=a)b',
  '(?<!a)b',
  '(a)\\1',
  '(?<x>a)\\k<x>',
  '(a*)*',
  '(?:a|b?)+',
  'a{500}',
  '((a{100}){100})',
  '(',
  '[z-a]',
  '\\b+',
  'a*',
  '',
])('%s is refused', (pattern) => {
  expect(() => linearPattern('mine', pattern)).toThrow(/The pattern "mine" cannot be used/);
});
