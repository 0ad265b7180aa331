// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { renderApp } from '../helpers/render-app.tsx';

test('the question mark shows every key, and letters typed into a field do nothing else', async () => {
  const app = renderApp({ conversations: 5 });
  await app.user.type(screen.getByRole('combobox', { name: 'Search all conversations' }), 'n?');
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(app.inputsOf('conversations.create')).toEqual([]);
  await app.user.keyboard('{Escape}{Escape}');
  await app.user.keyboard('?');
  expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
});

test('the palette runs a command by its name', async () => {
  const app = renderApp({ conversations: 5 });
  await app.user.keyboard('{Control>}k{/Control}');
  await app.user.type(await screen.findByRole('textbox', { name: 'Command palette' }), 'go settings{Enter}');
  expect(await screen.findByRole('heading', { name: 'Settings' })).toBeTruthy();
});

test.each([
  ['go sync', '#/sync'],
  ['go memory tidy', '#/memory/hygiene'],
])('the palette goes where the window has a section or a part: %s', async (typed, hash) => {
  const app = renderApp({ conversations: 5 });
  await app.user.keyboard('{Control>}k{/Control}');
  await app.user.type(await screen.findByRole('textbox', { name: 'Command palette' }), `${typed}{Enter}`);
  await waitFor(() => expect(window.location.hash).toBe(hash));
});

test('the palette opens a conversation by what was said in it', async () => {
  const app = renderApp({ conversations: 40 });
  await app.user.keyboard('{Control>}k{/Control}');
  await app.user.type(await screen.findByRole('textbox', { name: 'Command palette' }), 'bicycle');
  await screen.findAllByText(/and then about/);
  await app.user.keyboard('{Enter}');
  await waitFor(() => expect(window.location.hash).toBe('#/conversations/c000002/c000002-m2'));
});

test('back leads to where one was', async () => {
  const app = renderApp({ conversations: 5 });
  await app.user.click(screen.getByRole('button', { name: 'Settings' }));
  await screen.findByRole('heading', { name: 'Settings' });
  act(() => {
    // The test's document has no history to go back in; this is what a browser does.
    window.location.hash = '#/conversations';
    window.dispatchEvent(new PopStateEvent('popstate'));
  });
  expect(await screen.findByRole('grid')).toBeTruthy();
});

test('the status chip says that nothing leaves the computer', async () => {
  const app = renderApp({ conversations: 5 });
  await app.user.click(await screen.findByRole('button', { name: 'Status of the vault: Local only' }));
  expect(await screen.findByText(/Nothing is sent anywhere/)).toBeTruthy();
});

test('the status chip follows the index while it is being built', async () => {
  const app = renderApp({ conversations: 5 });
  await screen.findByRole('button', { name: 'Status of the vault: Local only' });
  act(() => app.emit('search.coverage', { indexed: 7, total: 35, state: 'building', engine: 'fts5' }));
  expect(await screen.findByText('Local only · Indexing 7 of 35')).toBeTruthy();
});

test('without an answer from the other half, the chip says so', async () => {
  renderApp({
    overrides: {
      'vault.status': async () => {
        throw new AppError('INTERNAL', 'Almanac does not answer.', { remedy: 'Start it.' });
      },
    },
  });
  expect(await screen.findByRole('button', { name: 'Status of the vault: Not connected' })).toBeTruthy();
});

test('the arrows lead into the list when nothing has the focus', async () => {
  const app = renderApp({ conversations: 5 });
  const grid = await screen.findByRole('grid');
  await app.user.keyboard('{ArrowDown}');
  expect(document.activeElement).toBe(grid);
});

test('a list that was read stays readable while the other half is away, and the chip says so', async () => {
  const app = renderApp({ conversations: 5 });
  await screen.findByText('Bread with a cold proof overnight');
  const error = { code: 'INTERNAL', message: 'Almanac does not answer.', remedy: 'Start it.' } as const;
  app.bridge.invoke = async () => ({ ok: false, error });
  act(() => app.emit('records.changed', { collections: ['conversations'] }));
  expect(await screen.findByRole('button', { name: 'Status of the vault: Not connected' })).toBeTruthy();
  expect(screen.getByText('Bread with a cold proof overnight')).toBeTruthy();
});

test('a file dropped anywhere opens the import with it', async () => {
  const app = renderApp({ conversations: 5 });
  await screen.findByRole('grid');
  const file = new File(['{}'], 'conversations.json', { type: 'application/json' });
  const drop = new Event('drop', { cancelable: true });
  Object.assign(drop, { dataTransfer: { types: ['Files'], files: [file] } });
  act(() => void window.dispatchEvent(drop));
  expect(drop.defaultPrevented).toBe(true);
  await waitFor(() => expect(app.inputsOf('import.preview')).toHaveLength(1));
});
