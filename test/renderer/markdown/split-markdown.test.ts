import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitMarkdown } from '../../../renderer/components/markdown/split-markdown.ts';

test('a text is cut at blank lines, and nothing is lost', () => {
  const text = Array.from({ length: 100 }, (_, index) => `Paragraph ${index}.`).join('\n\n');
  const pieces = splitMarkdown(text, 200);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.join('')).toBe(text);
  expect(pieces.slice(1).every((piece) => piece.startsWith('Paragraph'))).toBe(true);
});

test('a fence that is cut is closed and opened again', () => {
  const code = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
  const pieces = splitMarkdown(`\`\`\`\`js\n${code}\n\`\`\`\`\n`, 100);
  expect(pieces.length).toBeGreaterThan(2);
  for (const piece of pieces) expect(piece).toMatch(/^````js\n[^`]+\n````\n$/);
});

test('every piece knows the addresses that its references name', () => {
  const text = `${'Some words and [a link][1].\n\n'.repeat(50)}[1]: https://example.org\n`;
  for (const piece of splitMarkdown(text, 200)) expect(piece).toContain('[1]: https://example.org');
});

test('no piece is much longer than asked for, whatever the text', () => {
  const lines = fc.constantFrom('a'.repeat(700), '```', '~~~', '', 'word', '> quote', '| a | b |');
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 60 }), (parts) => {
      const text = parts.join('\n');
      for (const piece of splitMarkdown(text, 500))
        expect(piece.length).toBeLessThanOrEqual(1_000 + '```\n```\n'.length);
    }),
  );
});
