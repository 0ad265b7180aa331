// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { Trouble } from '../../shared/ipc/models.ts';
import { fixtureStatus } from '../helpers/fixture-vault.ts';
import { renderApp } from '../helpers/render-app.tsx';

const full: Trouble = {
  state: 'refusing',
  code: 'DISK_FULL',
  since: '2026-11-20T08:02:00.000Z',
  message: 'The disk is full: writing to the log failed.',
  remedy: 'Nothing was changed. Free some space and try again.',
};
const status = (trouble: Trouble | null) => ({ ...fixtureStatus(5), trouble });

test('while all is well there is no banner', async () => {
  renderApp({ conversations: 5 });
  await screen.findByRole('button', { name: 'Status of the vault: Local only' });
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a vault that was opened in trouble says so at once: what is safe, and what to do', async () => {
  renderApp({ conversations: 5, status: { trouble: full } });
  const banner = await screen.findByRole('alert');
  expect(banner.textContent).toContain('Nothing can be saved at the moment');
  expect(banner.textContent).toContain('What was saved before is safe');
  expect(banner.textContent).toContain('Free some space on the disk');
  expect(await screen.findByText('Local only · Not saving')).toBeTruthy();
  expect((await axe.run(banner)).violations).toEqual([]);
});

test('each trouble has words of its own, and a full disk another remedy than a broken one', async () => {
  const app = renderApp({ conversations: 5 });
  await screen.findByRole('grid');
  const seen = new Set<string | null>();
  for (const state of ['files_behind', 'refusing', 'gone', 'lost'] as const)
    for (const code of ['DISK_FULL', 'DISK_ERROR'] as const) {
      act(() => app.emit('vault.status', status({ ...full, state, code })));
      seen.add((await screen.findByRole('alert')).textContent);
    }
  expect(seen.size).toBe(6);
});

test('when it is over the banner goes, and what could not be read is asked for again', async () => {
  let isGone = true;
  const app = renderApp({
    conversations: 5,
    overrides: {
      'conversations.tags': async () => {
        if (isGone) throw new AppError('DISK_ERROR', 'Not there.', { remedy: 'Put it back.' });
        return [];
      },
    },
  });
  await screen.findByRole('grid');
  act(() => app.emit('vault.status', status({ ...full, state: 'gone', code: 'DISK_ERROR' })));
  await screen.findByText(/folder is not there/);
  const before = app.inputsOf('conversations.tags').length;
  isGone = false;
  act(() => app.emit('vault.status', status(null)));
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  await waitFor(() => expect(app.inputsOf('conversations.tags').length).toBeGreaterThan(before));
});

test('what is being written stays in its field when it cannot be saved', async () => {
  const app = renderApp(
    {
      conversations: 5,
      status: { trouble: full },
      overrides: {
        'messages.append': async () => {
          throw new AppError('DISK_FULL', full.message, { remedy: full.remedy });
        },
      },
    },
    '#/conversations/c000002',
  );
  const field = await screen.findByRole<HTMLTextAreaElement>('textbox', { name: /message|note/i });
  await app.user.type(field, 'keep me');
  await app.user.keyboard('{Control>}{Enter}{/Control}');
  expect(await screen.findByText(/Nothing was changed\. Free some space/)).toBeTruthy();
  expect(field.value).toBe('keep me');
});
