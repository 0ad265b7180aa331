// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Markdown } from '../../../renderer/components/markdown/markdown.tsx';
import { TextMarksContext, type TextMark } from '../../../renderer/components/markdown/text-marks.ts';
import { dangersIn, xssCorpus } from '../../helpers/xss-corpus.ts';

afterEach(cleanup);

const mark = (id: string, quote: string): TextMark => ({
  id,
  quote,
  title: `Remembered: ${id}`,
  href: `#/memory/list/${id}`,
});

function draw(text: string, marks: readonly TextMark[]): HTMLElement {
  return render(
    <TextMarksContext value={marks}>
      <Markdown text={text} />
    </TextMarksContext>,
  ).container;
}

const markedIn = (root: HTMLElement): string[] =>
  [...root.querySelectorAll('mark')].map((each) => `${each.dataset['mark']}: ${each.textContent}`);

test('a sentence is marked and leads to its memory', () => {
  const root = draw('Hello. I live in Graz. Bye.', [mark('graz', 'I live in Graz.')]);
  expect(markedIn(root)).toEqual(['graz: I live in Graz.']);
  const link = screen.getByRole('link', { name: 'I live in Graz.' });
  expect([link.getAttribute('href'), link.title]).toEqual(['#/memory/list/graz', 'Remembered: graz']);
  expect(root.textContent).toBe('Hello. I live in Graz. Bye.');
});

test('with an emphasis in it, it stays one stop for the keyboard', () => {
  const root = draw('I **live** in Graz.', [mark('graz', 'I live in Graz.')]);
  expect(markedIn(root)).toEqual(['graz: I ', 'graz: live', 'graz:  in Graz.']);
  expect([...root.querySelectorAll('a')].map((link) => link.tabIndex)).toEqual([0, -1, -1]);
});

test('links and code keep their own meaning', () => {
  const root = draw('I use `npm test` on [my site](https://example.org) daily.', [
    mark('daily', 'I use npm test on my site daily.'),
  ]);
  expect(markedIn(root)).toEqual(['daily: I use ', 'daily:  on ', 'daily:  daily.']);
  expect(screen.getByRole('link', { name: 'my site' }).getAttribute('href')).toBe('https://example.org/');
});

test('two memories of one sentence share its mark; of two that overlap the later is cut', () => {
  const quote = 'I live in Graz.';
  expect(markedIn(draw(quote, [mark('a', quote), mark('b', quote)]))).toEqual([`a b: ${quote}`]);
  cleanup();
  expect(markedIn(draw('One two three four.', [mark('a', 'One two three'), mark('b', 'two three four.')]))).toEqual([
    'a: One two three',
    'b:  four.',
  ]);
});

test('what is not in the text marks nothing', () => {
  expect(markedIn(draw('I live in Graz.', [mark('linz', 'I live in Linz.')]))).toEqual([]);
});

test.each(Object.entries(xssCorpus))('marks open no door to hostile content: %s', (_name, text) => {
  const dangers = dangersIn(draw(text, [mark('all', text)]));
  // The marks themselves and where they lead are ours.
  expect(dangers.filter((each) => each !== '<mark>' && each !== 'href #/memory/list/all')).toEqual([]);
});
