// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { Markdown } from '../../../renderer/components/markdown/markdown.tsx';
import { dangersIn, xssCorpus } from '../../helpers/xss-corpus.ts';

afterEach(cleanup);

// KaTeX refuses to work in quirks mode, which is what the simulated document says it is in.
Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat' });

function draw(text: string): HTMLElement {
  return render(<Markdown text={text} />).container;
}

test.each(Object.entries(xssCorpus))('hostile content does nothing: %s', async (_name, text) => {
  const root = draw(text);
  expect(dangersIn(root)).toEqual([]);
  // Formulas and colours come later, and must be as harmless.
  if (/[$\\`]/.test(text)) await new Promise((resolve) => setTimeout(resolve, 30));
  expect(dangersIn(root)).toEqual([]);
});

test('the danger check itself sees what it looks for', () => {
  const root = document.createElement('div');
  for (const [tag, name, value] of [
    ['img', 'src', 'x'],
    ['a', 'href', 'javascript:alert(1)'],
    ['p', 'onclick', 'x()'],
    ['p', 'id', 'root'],
  ] as const) {
    const element = document.createElement(tag);
    element.setAttribute(name, value);
    root.append(element);
  }
  expect(dangersIn(root)).toEqual(['<img>', 'img[src]', 'href javascript:alert(1)', 'p[onclick]', 'id root']);
});

test('raw HTML is shown as the text it is', () => {
  expect(draw('before <b onclick="x()">bold</b>\n\n<script>alert(1)</script>').textContent).toBe(
    'before <b onclick="x()">bold</b>\n<script>alert(1)</script>',
  );
});

test('a link opens outside and shows its whole address', () => {
  draw('[the site](https://example.org/a?b=c)');
  const link = screen.getByRole('link', { name: 'the site' });
  expect([link.getAttribute('href'), link.title, link.getAttribute('target'), link.getAttribute('rel')]).toEqual([
    'https://example.org/a?b=c',
    'https://example.org/a?b=c',
    '_blank',
    'noopener noreferrer',
  ]);
});

test('a link that may not be opened is its text with the address behind it', () => {
  const root = draw('[click](javascript:alert(1)) and [old](http://example.org/)');
  expect(root.textContent).toBe('click (javascript:alert(1)) and old (http://example.org/)');
  expect(root.querySelector('a')).toBeNull();
});

test('an image is a stub with its name, host and address, and nothing is loaded', () => {
  const root = draw('![A chart](https://pictures.example/chart.png)');
  expect(root.querySelector('img')).toBeNull();
  expect(root.textContent).toBe('Image: A chart (pictures.example)https://pictures.example/chart.png');
});

test('a table stands in a box of its own that scrolls and can be reached by key', () => {
  draw('| a | b |\n| --- | --- |\n| 1 | 2 |');
  const box = screen.getByRole('figure', { name: 'Table' });
  expect(box.tabIndex).toBe(0);
  expect(
    within(box)
      .getAllByRole('cell')
      .map((cell) => cell.textContent),
  ).toEqual(['1', '2']);
});

test('a task list says what is done', () => {
  draw('- [x] one\n- [ ] two');
  expect(
    screen.getAllByRole('checkbox').map((box) => [box.getAttribute('aria-label'), box.matches(':disabled')]),
  ).toEqual([
    ['Done', true],
    ['Not done', true],
  ]);
});

test('code shows its language, gets colours, and copies as written', async () => {
  const copied: string[] = [];
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: { writeText: async (text: string) => void copied.push(text) },
  });
  const root = draw('```ts\nconst x = 1; // \u202Eevil\n```');
  expect(root.querySelector('figcaption')?.textContent).toContain('ts');
  await waitFor(() => expect(root.querySelector('.hl-keyword')?.textContent).toBe('const'));
  expect(root.querySelector('code')?.textContent).toBe('const x = 1; // U+202Eevil');
  fireEvent.click(screen.getByRole('button', { name: 'Copy code' }));
  await waitFor(() => expect(copied).toEqual(['const x = 1; // \u202Eevil']));
});

test('code in a language nobody knows is shown plainly', () => {
  expect(draw('```no-such-language\na < b\n```').querySelector('code')?.textContent).toBe('a < b');
});

test('a formula is typeset, and one that cannot be is shown as written', async () => {
  const root = draw('so $a^2 + b^2 = c^2$ and \\[ \\frac{1}{2} \\] but $\\nosuchcommand{x}$');
  await waitFor(() => expect(root.querySelectorAll('.katex')).toHaveLength(2));
  expect([...root.querySelectorAll('code:not([hidden])')].map((code) => code.textContent)).toEqual([
    '$\\nosuchcommand{x}$',
  ]);
});

test('prices are prices', () => {
  const root = draw('It costs $5 and $10, or $20 a month or 30$.');
  expect(root.textContent).toBe('It costs $5 and $10, or $20 a month or 30$.');
  expect(root.querySelector('code')).toBeNull();
});

test('footnotes of two messages do not answer for each other', () => {
  const text = 'x[^1]\n\n[^1]: the note';
  const root = render(
    <>
      <Markdown text={text} />
      <Markdown text={text} />
    </>,
  ).container;
  const ids = [...root.querySelectorAll('[id]')].map((element) => element.id);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
  for (const link of root.querySelectorAll('a')) {
    expect(ids).toContain(link.getAttribute('href')?.slice(1));
  }
});

test('a very long text begins folded and is shown whole on request', async () => {
  const text = Array.from({ length: 2_000 }, (_, index) => `Paragraph ${index} with some words in it.`).join('\n\n');
  const root = draw(text);
  expect(root.textContent).toContain('Paragraph 10 ');
  expect(root.textContent).not.toContain('Paragraph 1999 ');
  fireEvent.click(screen.getByRole('button', { name: /^Show all [\d,.]+ characters$/ }));
  await waitFor(() => expect(root.textContent).toContain('Paragraph 1999 '), { timeout: 10_000 });
});

test.each([
  ['nested quotes', '>'.repeat(20_000)],
  ['open brackets', '['.repeat(20_000)],
  ['stars', '*a '.repeat(7_000)],
  ['backticks', Array.from({ length: 200 }, (_, index) => '`'.repeat(index)).join(' ')],
  ['nested lists', Array.from({ length: 200 }, (_, index) => `${' '.repeat(index * 2)}- x`).join('\n')],
  ['dollars', '$a '.repeat(7_000)],
  ['one line of a megabyte', 'a'.repeat(1_000_000)],
])('text made to be slow is drawn in reasonable time: %s', (_name, text) => {
  // What is slow by more than a factor runs into the test's time limit.
  expect(draw(text).textContent).not.toBe('');
});
