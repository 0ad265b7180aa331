import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extractMaths, restoreMaths } from '../../../renderer/components/markdown/extract-maths.ts';

function texOf(text: string): string[] {
  return extractMaths(text).formulas.map(({ tex, display }) => (display ? `[${tex}]` : tex));
}

test.each([
  ['$x$', ['x']],
  ['a $x_1 * y_2$ b', ['x_1 * y_2']],
  ['\\(x\\) and \\[y = 1\\]', ['x', '[y = 1]']],
  ['$$\nx\n+ y\n$$', ['[x\n+ y]']],
  ['inline $$x$$ too', ['[x]']],
  ['\\[\na\n\n= b\n\\]', ['[a\n\n= b]']],
  ['> \\[\n> a\n> = b\n> \\]', ['[a\n= b]']],
  ['- so $n$', ['n']],
  ['| $|x|$ | $y$ |', ['|x|', 'y']],
  ['$5x + 3$', ['5x + 3']],
  ['$100$', ['100']],
  ['($x$), “$y$”.', ['x', 'y']],
])('finds the formulas in %j', (text, expected) => {
  expect(texOf(text)).toEqual(expected);
});

test.each([
  'costs $5 and $10',
  '$5-$10',
  'between $5 to $10 a month',
  'it is $20 a month or 30$',
  'US$5 or A$6',
  'a $ b $ c',
  '\\$x\\$',
  '`$x$` and ``\\(y\\)``',
  '```\n$x$\n```',
  '~~~ tex\n\\[x=1\\]\n~~~',
  '> ```\n> $x$\n> ```',
  '- ```\n  $x$\n  ```',
  '```\nnot closed $x$',
  '\\\\(x\\\\)',
  '\\[1\\] and \\[text\\](https://example.org)',
  'unclosed $x and \\(y and \\[z = 1',
  '$x\n\ny$',
  'echo $HOME and $PATH',
  'if $a then $b',
])('leaves %j alone', (text) => {
  expect(extractMaths(text)).toEqual({ text, formulas: [] });
});

test('whatever is lifted out can be put back exactly', () => {
  const pieces = fc.constantFrom(
    '$',
    '$$',
    '\\(',
    '\\)',
    '\\[',
    '\\]',
    '`',
    '```',
    '\n',
    '\n\n',
    '> ',
    'x',
    ' ',
    '1',
    '\\',
    '~~~',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const { text: extracted, formulas } = extractMaths(text);
      expect(restoreMaths(extracted, formulas)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});
