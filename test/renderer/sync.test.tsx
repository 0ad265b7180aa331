// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { syncedTeam } from '../helpers/fixture-team.ts';
import { renderApp } from '../helpers/render-app.tsx';

const sync = '#/sync';

test('without a database the page explains itself, tries an address and connects', async () => {
  const { user, inputsOf } = renderApp({}, sync);
  const address = await screen.findByLabelText('Address');
  expect(screen.getByRole('button', { name: 'Connect' })).toHaveProperty('disabled', true);
  await user.type(address, ' mongodb://u:p@h/team ');
  await user.click(screen.getByRole('button', { name: 'Test' }));
  await screen.findByText(/All is well: MongoDB 8\.2\.6/);
  await user.click(screen.getByRole('button', { name: 'What would leave this computer?' }));
  await screen.findByText('A queue · A harbour');
  screen.getByText(/Import receipts: 2/);
  await user.click(screen.getByRole('button', { name: 'Connect' }));
  await screen.findByRole('heading', { name: 'Both sides' });
  expect(inputsOf('team.connect')).toEqual([{ url: 'mongodb://u:p@h/team' }]);
});

test('a connection that fails says why in words', async () => {
  const problem = { code: 'REMOTE_AUTH' as const, message: 'The password is not accepted.', remedy: 'Check it.' };
  const failing = { ok: false, server: 'h', database: 'd', version: null, streams: null, clock_offset_ms: null };
  const { user } = renderApp(
    { overrides: { 'team.test': async () => ({ ...failing, prepared: null, store_id: null, problem }) } },
    sync,
  );
  await user.type(await screen.findByLabelText('Address'), 'mongodb://h');
  await user.click(screen.getByRole('button', { name: 'Test' }));
  expect((await screen.findByRole('alert')).textContent).toContain('The password is not accepted. Check it.');
});

test('a synced vault shows parity, and syncs and verifies when asked', async () => {
  const { user, inputsOf } = renderApp({ team: syncedTeam }, sync);
  const table = (await screen.findByRole('heading', { name: 'Both sides' })).parentElement ?? document.body;
  expect(within(table).getAllByText('equal')).toHaveLength(2);
  await user.click(screen.getByRole('button', { name: 'Sync now' }));
  await screen.findByText('3 records sent, 2 records fetched.');
  await user.click(screen.getByRole('button', { name: 'Verify now' }));
  await screen.findByText(/Both sides were equal/);
  expect(inputsOf('team.verify')).toHaveLength(1);
});

test('the mode is changed by choice, and is fixed where the environment says it', async () => {
  const { user, inputsOf } = renderApp({ team: syncedTeam }, sync);
  await user.click(await screen.findByRole('radio', { name: 'Remote' }));
  expect(inputsOf('team.set_mode')).toEqual([{ mode: 'remote' }]);
});

test('a mode that the environment says cannot be changed', async () => {
  renderApp({ team: { ...syncedTeam, configured_by: 'environment' } }, sync);
  expect(await screen.findByRole('radio', { name: 'Remote' })).toHaveProperty('disabled', true);
  screen.getByText(/environment/);
});

test('a safety stop asks which side is right', async () => {
  const decision = {
    kind: 'mass-delete' as const,
    collection: 'conversations',
    records: 40,
    at: '2026-11-20T14:00:00Z',
  };
  const { user, inputsOf } = renderApp({ team: { ...syncedTeam, state: 'needs_decision', decision } }, sync);
  expect((await screen.findByRole('alert')).textContent).toContain('40 records of Conversations are gone at once');
  await user.click(screen.getByRole('button', { name: 'Keep what is here, and send it again' }));
  expect(inputsOf('team.decide')).toEqual([{ take: 'mine' }]);
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Which side is right?' })).toBeNull());
});

test('a conflict is decided by a key and taken back', async () => {
  const { user, inputsOf } = renderApp({ team: { ...syncedTeam, conflicts: 1 } }, sync);
  const list = await screen.findByRole('list', { name: 'Conflicts, newest first' });
  within(list).getByRole('cell', { name: 'Trip to the sea' });
  within(list)
    .getByRole('button', { name: /^Take mine/ })
    .focus();
  await user.keyboard('t');
  await screen.findByText('Took theirs.');
  expect(inputsOf('conflicts.resolve')).toEqual([{ id: 'conflict-1', take: 'theirs' }]);
  await screen.findByText('No conflicts.');
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  await screen.findByRole('list', { name: 'Conflicts, newest first' });
});

test('the chip says how the vault stands, on every page', async () => {
  const { emit } = renderApp({ team: syncedTeam });
  await screen.findByRole('button', { name: /Status of the vault: Synced, verified/ });
  emit('team.status', { ...syncedTeam, waiting: 12 });
  await screen.findByRole('button', { name: 'Status of the vault: 12 waiting' });
  emit('team.status', { ...syncedTeam, state: 'offline' });
  await screen.findByRole('button', { name: /Offline, since/ });
});

test('what fails is shown with its remedy and tried again', async () => {
  let calls = 0;
  const { user } = renderApp(
    {
      overrides: {
        'team.status': async () => {
          calls += 1;
          if (calls === 1) throw new AppError('DISK_ERROR', 'The disk refused.', { remedy: 'Look at the disk.' });
          return syncedTeam;
        },
      },
    },
    sync,
  );
  await screen.findByText(/The disk refused\./);
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByRole('heading', { name: 'Both sides' });
});

test('how much of the team’s conversations is kept here is chosen, and can be everything again', async () => {
  const { user, inputsOf } = renderApp({ team: syncedTeam }, sync);
  const choice = await screen.findByRole('combobox', { name: 'Conversations' });
  await user.selectOptions(choice, 'The last 90 days');
  await waitFor(() => expect(inputsOf('team.set_scope')).toEqual([{ scope: { days: 90, pinned: true, users: [] } }]));
  await waitFor(() => expect(choice).toHaveProperty('value', '90'));
  await user.selectOptions(choice, 'Everything');
  await waitFor(() => expect(inputsOf('team.set_scope').at(-1)).toEqual({ scope: null }));
});
