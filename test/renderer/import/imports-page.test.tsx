// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import type { Handlers, Output } from '../../../shared/ipc/contract.ts';
import { renderApp } from '../../helpers/render-app.tsx';
import { importHandlers, receiptOf, undone } from './import-fixture.ts';

function openPage(receipts: readonly Output<'import.run'>[], overrides: Partial<Handlers> = {}) {
  const list = async (): Promise<Output<'import.run'>[]> => [...receipts];
  return renderApp({ overrides: importHandlers({ 'import.list': list, ...overrides }) }, '#/imports');
}

test('without receipts it says how to get an export', async () => {
  openPage([]);
  await screen.findByText('Nothing was imported yet');
  expect(screen.getByRole('heading', { name: 'How to get an export from ChatGPT' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'How to get an export from Claude' })).toBeTruthy();
});

test('each receipt shows its file, program, counts, and what it could not read', async () => {
  const { user } = openPage([receiptOf()]);
  const card = await screen.findByRole('article');
  expect(card.textContent).toMatch(/export\.zip.*ChatGPT · .*2026.*Took 2 seconds\./);
  expect([...card.querySelectorAll('dd')].map((count) => count.textContent)).toEqual(['3', '1', '1', '1']);
  expect(within(card).queryByText('broken-1')).toBeNull();
  await user.click(within(card).getByRole('button', { name: /could not be read/ }));
  expect(within(card).getByText('broken-1').parentElement?.textContent).toBe(
    'broken-1 It ends in the middle of a string.',
  );
});

test('an import is taken back only after a question, and what was kept is said', async () => {
  const { user, inputsOf } = openPage([receiptOf()]);
  await user.click(await screen.findByRole('button', { name: 'Undo this import' }));
  expect(screen.getByText(/The 3 conversations it brought will be removed\./)).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Keep it' }));
  expect(inputsOf('import.undo')).toEqual([]);

  await user.click(screen.getByRole('button', { name: 'Undo this import' }));
  await user.click(screen.getByRole('button', { name: 'Undo the import' }));
  await screen.findByText(/3 conversations and 40 messages removed/);
  await user.click(screen.getByRole('button', { name: /kept, because they changed since/ }));
  expect(screen.getByText(undone.kept[0]?.source_id ?? '')).toBeTruthy();
});

test('an undo that fails says why, and can be asked for again', async () => {
  const { user } = openPage([receiptOf()], {
    'import.undo': async () => {
      throw new AppError('DISK_FULL', 'The disk is full.', { remedy: 'Free some space.' });
    },
  });
  await user.click(await screen.findByRole('button', { name: 'Undo this import' }));
  await user.click(screen.getByRole('button', { name: 'Undo the import' }));
  expect((await screen.findByRole('alert')).textContent).toBe('The disk is full. Free some space.');
  expect(screen.getByRole('button', { name: 'Undo this import' })).toBeTruthy();
});

test('an import that was taken back, or brought nothing, offers no undo', async () => {
  openPage([
    receiptOf({ undone_at: '2026-11-19T11:00:00.000Z' }),
    receiptOf({ id: 'import-2', created: 0, updated: 0, skipped: 6 }),
  ]);
  await waitFor(() => expect(screen.getAllByRole('article')).toHaveLength(2));
  expect(screen.getByText('Undone')).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Undo this import' })).toBeNull();
});

test('receipts that cannot be read show why', async () => {
  openPage([], {
    'import.list': async () => {
      throw new AppError('DISK_ERROR', 'The disk does not answer.', { remedy: 'Look at its cable.' });
    },
  });
  expect((await screen.findByRole('alert')).textContent).toContain('The disk does not answer.Look at its cable.');
});
