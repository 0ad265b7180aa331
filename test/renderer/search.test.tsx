// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { SearchResult } from '../../shared/ipc/models.ts';
import { renderApp } from '../helpers/render-app.tsx';

const covered = { indexed: 100, total: 100, state: 'ready', engine: 'fts5' } as const;
const nothing: SearchResult = { hits: [], coverage: covered, took_ms: 1 };

function field(): HTMLElement {
  return screen.getByRole('combobox', { name: 'Search all conversations' });
}

test('the slash leads into the field, and results appear as one types', async () => {
  const app = renderApp({ conversations: 40 });
  await app.user.keyboard('/');
  expect(document.activeElement).toBe(field());
  await app.user.keyboard('bicycle');
  const results = await screen.findByRole('listbox', { name: 'Search results' });
  const options = within(results).getAllByRole('option');
  expect(options).toHaveLength(4);
  expect(options[0]?.querySelector('mark')?.textContent).toBe('bicycle');
  expect(screen.getByText('4 results')).toBeTruthy();
});

test('the arrow keys choose a result and Enter opens it at its message', async () => {
  const app = renderApp({ conversations: 40 });
  await app.user.type(field(), 'bicycle');
  await screen.findByRole('listbox');
  expect(field().getAttribute('aria-activedescendant')).toBe('search-hit-0');
  await app.user.keyboard('{ArrowDown}');
  expect(field().getAttribute('aria-activedescendant')).toBe('search-hit-1');
  await app.user.keyboard('{Enter}');
  expect(window.location.hash).toBe('#/conversations/c000014/c000014-m2');
  expect(document.activeElement).toBe(field());
});

test('Escape ends the search and the list is back', async () => {
  const app = renderApp({ conversations: 40 });
  await app.user.type(field(), 'bicycle');
  await screen.findByRole('listbox');
  await app.user.keyboard('{Escape}');
  expect(await screen.findByRole('grid', { name: 'List of conversations' })).toBeTruthy();
});

test('the last results stay while the next ones are on their way', async () => {
  const waiting: ((result: SearchResult) => void)[] = [];
  const app = renderApp({
    conversations: 40,
    overrides: {
      'search.query': async ({ text }) => {
        if (text !== 'bicycle') return new Promise((resolve) => waiting.push(resolve));
        return {
          hits: [hit('The first answer')],
          coverage: covered,
          took_ms: 2,
        };
      },
    },
  });
  await app.user.type(field(), 'bicycle');
  expect(await screen.findByText('The first answer')).toBeTruthy();
  await app.user.type(field(), 's');
  await waitFor(() => expect(app.inputsOf('search.query')).toHaveLength(2));
  expect(screen.getByText('The first answer')).toBeTruthy();
  waiting[0]?.(nothing);
  expect(await screen.findByText('Nothing found for “bicycles”')).toBeTruthy();
});

test('a fast typist causes one search, not one for each key', async () => {
  const app = renderApp({ conversations: 40 });
  for (const value of ['t', 'ti', 'tid', 'tida', 'tidal']) fireEvent.change(field(), { target: { value } });
  await screen.findByRole('listbox');
  expect(app.inputsOf('search.query')).toEqual([
    { text: 'tidal', limit: 100, collections: ['conversations', 'messages'] },
  ]);
});

test('while the index is being built, how far it has come is said', async () => {
  const app = renderApp({
    conversations: 40,
    status: { search: { indexed: 12_340, total: 100_000, state: 'building', engine: 'fts5' } },
  });
  await app.user.type(field(), 'tidal');
  expect(await screen.findByText(/Indexed 12,340 of 100,000/)).toBeTruthy();
});

test('a runtime without a search engine is said to search less well', async () => {
  const app = renderApp({ conversations: 40, status: { search: { ...covered, engine: 'scan' } } });
  await app.user.type(field(), 'tidal');
  expect(await screen.findByText(/Reduced search/)).toBeTruthy();
});

test('a search that fails says why and can be tried again', async () => {
  let isBroken = true;
  const app = renderApp({
    conversations: 40,
    overrides: {
      'search.query': async () => {
        if (!isBroken) return nothing;
        throw new AppError('SEARCH_UNAVAILABLE', 'The index is damaged.', { remedy: 'Rebuild it.' });
      },
    },
  });
  await app.user.type(field(), 'tidal');
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The index is damaged.Rebuild it.');
  isBroken = false;
  await app.user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Nothing found for “tidal”')).toBeTruthy();
});

test('searching from another page leads to the results', async () => {
  const app = renderApp({ conversations: 40 }, '#/settings');
  await app.user.type(field(), 'tidal');
  expect(await screen.findByRole('listbox', { name: 'Search results' })).toBeTruthy();
});

function hit(title: string): SearchResult['hits'][number] {
  return {
    collection: 'conversations',
    id: 'c000002',
    conversation_id: 'c000002',
    title,
    snippet: '',
    ranges: [],
    score: 1,
    created_at: '2026-11-20T10:00:00.000Z',
  };
}
