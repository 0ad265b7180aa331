// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { renderApp, type RenderedApp } from '../helpers/render-app.tsx';

/** This evening: the page knows what day it is. */
const now = new Date();
now.setHours(18, 0, 0, 0);

async function focusList(): Promise<HTMLElement> {
  const grid = await screen.findByRole('grid', { name: 'List of conversations' });
  grid.focus();
  return grid;
}

/** The row that the keys act on. */
function activeRow(grid: HTMLElement): HTMLElement {
  const id = grid.getAttribute('aria-activedescendant');
  const row = id === null ? null : document.getElementById(id);
  if (!row) throw new Error('No row is active.');
  return row;
}

function titleOf(app: RenderedApp, id: string): string | undefined {
  return app.rows().find((row) => row.id === id)?.title;
}

test('conversations stand under their day, the pinned first', async () => {
  renderApp({ conversations: 30, now });
  const grid = await focusList();
  const texts = within(grid)
    .getAllByRole('row')
    .map((row) => row.textContent);
  expect(texts[0]).toBe('Pinned');
  expect(texts[1]).toContain('Letter to the landlord about the damp wall');
  expect(texts).toContain('Today');
  expect(texts).toContain('Yesterday');
  expect(within(grid).getByText('Untitled')).toBeTruthy();
});

test('a long list is asked for in pages, not as a whole', async () => {
  const app = renderApp({ conversations: 5000, now });
  await focusList();
  expect(await screen.findByText('4,737 conversations')).toBeTruthy();
  expect(app.inputsOf('conversations.list')).toEqual([{ view: 'active', offset: 0, limit: 100 }]);
});

test('the arrow keys move, and Enter opens the conversation', async () => {
  const app = renderApp({ conversations: 30, now });
  const grid = await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
  expect(window.location.hash).toBe('#/conversations/c000000');
  expect(activeRow(grid).getAttribute('aria-current')).toBe('true');
  expect(await screen.findByRole('heading', { name: 'Bread with a cold proof overnight' })).toBeTruthy();
});

test('F2 renames in place, and Escape keeps the old title', async () => {
  const app = renderApp({ conversations: 30, now });
  const grid = await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}{F2}');
  await app.user.keyboard('Sourdough{Enter}');
  expect(await within(grid).findByText('Sourdough')).toBeTruthy();
  expect(titleOf(app, 'c000000')).toBe('Sourdough');
  expect(document.activeElement).toBe(grid);

  await app.user.keyboard('{F2}Something else{Escape}');
  expect(titleOf(app, 'c000000')).toBe('Sourdough');
  expect(app.inputsOf('conversations.update')).toHaveLength(1);
});

test('Delete takes a conversation away, and Undo brings it back', async () => {
  const app = renderApp({ conversations: 30, now });
  const grid = await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}{Delete}');
  await waitFor(() => expect(within(grid).queryByText('Bread with a cold proof overnight')).toBeNull());
  await app.user.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(await within(grid).findByText('Bread with a cold proof overnight')).toBeTruthy();
  expect(app.rows()).toHaveLength(30);
});

test('deleting the open conversation closes it', async () => {
  const app = renderApp({ conversations: 30, now });
  await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}{Enter}{Delete}');
  await waitFor(() => expect(window.location.hash).toBe('#/conversations'));
});

test('P pins, E archives and can be undone', async () => {
  const app = renderApp({ conversations: 30, now });
  const grid = await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}p');
  await waitFor(() => expect(app.rows()[0]?.pinned).toBe(true));
  await waitFor(() => expect(activeRow(grid).textContent).toContain('Bread with a cold proof overnight'));
  await app.user.keyboard('e');
  await waitFor(() => expect(app.rows()[0]?.archived).toBe(true));
  await app.user.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(app.rows()[0]?.archived).toBe(false));
});

test('several selected conversations are deleted together', async () => {
  const app = renderApp({ conversations: 30, now });
  await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown} {Shift>}{ArrowDown}{ArrowDown}{/Shift}');
  expect(await screen.findByText('3 selected')).toBeTruthy();
  await app.user.keyboard('{Delete}');
  await waitFor(() =>
    expect(app.inputsOf('conversations.delete')).toEqual([{ ids: ['c000000', 'c000001', 'c000002'] }]),
  );
  expect(screen.queryByText('3 selected')).toBeNull();
});

test('the menu of a row offers what the keys do', async () => {
  const app = renderApp({ conversations: 30, now });
  const grid = await focusList();
  const row = within(grid).getByText('Reading list on tidal power').closest('[role="row"]');
  if (!(row instanceof HTMLElement)) throw new Error('The row is missing.');
  await app.user.pointer({ keys: '[MouseRight]', target: row });
  const items = (await screen.findAllByRole('menuitem')).map((item) => item.textContent);
  expect(items).toEqual(['RenameF2', 'PinP', 'ArchiveE', 'Tags…T', 'DeleteDel']);
  await app.user.click(screen.getByRole('menuitem', { name: /Pin/ }));
  await waitFor(() => expect(app.rows()[1]?.pinned).toBe(true));
});

test('tags are edited in a dialog', async () => {
  const app = renderApp({ conversations: 30, now });
  await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}t');
  const field = await screen.findByLabelText('Tags of this conversation');
  await app.user.type(field, '#sourdough{Enter}');
  await app.user.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(app.rows()[0]?.tags).toEqual(['kitchen', 'sourdough']));
});

test('a tag narrows the list down, and the filter can be taken away', async () => {
  const app = renderApp({ conversations: 60, now });
  await focusList();
  await app.user.click(screen.getByRole('button', { name: 'Filter by tag' }));
  await app.user.click(await screen.findByRole('option', { name: /travel/ }));
  await waitFor(() => expect(app.inputsOf('conversations.days')).toContainEqual({ view: 'active', tag: 'travel' }));
  await app.user.click(await screen.findByRole('button', { name: 'Stop filtering by tag' }));
  expect(screen.queryByText('Tag: travel')).toBeNull();
});

test('a list that cannot be read says why and what to do, and tries again', async () => {
  let isBroken = true;
  const app = renderApp({
    conversations: 30,
    now,
    overrides: {
      'conversations.days': async () => {
        if (isBroken) throw new AppError('DISK_ERROR', 'The disk does not answer.', { remedy: 'Plug it in.' });
        return [{ day: '2026-11-20', count: 1 }];
      },
    },
  });
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('The disk does not answer.');
  expect(alert.textContent).toContain('Plug it in.');
  isBroken = false;
  await app.user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('grid')).toBeTruthy();
});

test('an action that the vault refuses is told, and the list stays as it was', async () => {
  const app = renderApp({
    conversations: 30,
    now,
    overrides: {
      'conversations.delete': async () => {
        throw new AppError('VAULT_READ_ONLY', 'The vault is open in another window.', { remedy: 'Close that one.' });
      },
    },
  });
  const grid = await focusList();
  await app.user.keyboard('{ArrowDown}{ArrowDown}{Delete}');
  expect(await screen.findByText(/The vault is open in another window/)).toBeTruthy();
  expect(screen.getByText('Close that one.')).toBeTruthy();
  expect(within(grid).getByText('Bread with a cold proof overnight')).toBeTruthy();
});

test('an empty archive says how something gets into it', async () => {
  renderApp({ conversations: 5, now }, '#/archive');
  expect(await screen.findByText('The archive is empty')).toBeTruthy();
});

test('N makes a conversation and opens it', async () => {
  const app = renderApp({ conversations: 5, now });
  await focusList();
  await app.user.keyboard('n');
  await waitFor(() => expect(window.location.hash).toBe('#/conversations/new-5'));
  expect(app.inputsOf('conversations.create')).toEqual([{ title: '' }]);
});

test('what another window changes appears by itself', async () => {
  const app = renderApp({ conversations: 5, now });
  const grid = await focusList();
  await app.bridge.invoke('conversations.update', { id: 'c000001', title: 'Renamed elsewhere' });
  expect(await within(grid).findByText('Renamed elsewhere')).toBeTruthy();
});
