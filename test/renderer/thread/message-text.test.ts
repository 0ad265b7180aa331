import { expect, test } from 'vitest';
import { readCitations } from '../../../renderer/features/thread/citations.ts';
import { firstWords, markdownOf, summaryOfInput } from '../../../renderer/features/thread/message-text.ts';

test('a copied message is what was said, with code in a fence that holds it', () => {
  const content = [
    { type: 'thinking' as const, text: 'secret' },
    { type: 'text' as const, text: 'Try this:' },
    { type: 'code' as const, language: 'md', text: '```\nx\n```' },
    { type: 'tool_call' as const, tool_name: 'x', input: {} },
  ];
  expect(markdownOf({ content })).toBe('Try this:\n\n````md\n```\nx\n```\n````');
});

test('a summary is one line, cut where it is long', () => {
  expect(firstWords('a\n\n  b\tc')).toBe('a b c');
  expect(firstWords('word '.repeat(100), 12)).toBe('word word wo…');
});

test('a tool’s input is summed up by its fields', () => {
  expect(summaryOfInput({ query: 'tides', limit: 3, deep: { x: 1 } })).toBe('query: tides; limit: 3; deep: { "x": 1 }');
  expect(summaryOfInput('plain')).toBe('plain');
  expect(summaryOfInput(null)).toBe('');
});

test('citations of any program are read, each once', () => {
  expect(
    readCitations([
      { title: 'One', url: 'https://a.example/' },
      { metadata: { title: 'One again', url: 'https://a.example/' } },
      { url: 'http://old.example/' },
      { name: 'notes.pdf' },
      { score: 3 },
    ]),
  ).toEqual([
    { title: 'One again', href: 'https://a.example/' },
    { title: 'http://old.example/' },
    { title: 'notes.pdf' },
  ]);
});
