// @vitest-environment happy-dom
import { act, screen, waitFor } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import type { OutsideEdits, OutsideNotice } from '../../shared/ipc/outside.ts';
import { renderApp } from '../helpers/render-app.tsx';

const quiet: OutsideEdits = { missing: 0, examples: [], notices: [] };
const held: OutsideEdits = { ...quiet, missing: 30, examples: ['data/a.json', 'data/b.json', 'data/c.json'] };
const notice = (id: number, kind: OutsideNotice['kind']): OutsideNotice => ({
  id,
  at: '2026-11-20T10:00:00.000Z',
  kind,
  file: `data/conversations/2026/01/01/${kind}.json`,
  reason: `why ${kind}`,
  restorable: true,
});

test('while nothing is missing there is no banner, and the doctor says that nobody changed anything', async () => {
  renderApp({}, '#/doctor');
  await screen.findByText(/No other program has changed/);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('files that vanished together are asked about, and come back on the person’s word', async () => {
  let status = held;
  const app = renderApp({
    overrides: {
      'outside.status': async () => status,
      'outside.restore_missing': async () => {
        status = quiet;
        act(() => app.emit('outside.changed', status));
        return { restored: 28, lost: 2 };
      },
    },
  });
  const banner = await screen.findByRole('alert');
  expect(banner.textContent).toContain('30 files are missing');
  expect(banner.textContent).toContain('data/a.json, data/b.json, data/c.json, and 27 more');
  expect((await axe.run(banner)).violations).toEqual([]);
  await app.user.click(screen.getByRole('button', { name: 'Restore them' }));
  await screen.findByText('28 files restored.');
  await screen.findByText(/Of 2 files no copy was kept/);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

test('or stay deleted', async () => {
  const app = renderApp({
    overrides: { 'outside.delete_missing': async () => ({ deleted: 30 }) },
  });
  await screen.findByRole('grid');
  act(() => app.emit('outside.changed', held));
  await app.user.click(await screen.findByRole('button', { name: 'Keep them deleted' }));
  await screen.findByText(/30 files moved to the trash/);
  expect(app.inputsOf('outside.delete_missing')).toHaveLength(1);
});

test('each kind of change by another program has a word of its own, on the doctor’s page', async () => {
  const kinds = ['taken', 'merged', 'set-aside', 'deleted', 'restored', 'lost'] as const;
  const notices = kinds.map((kind, at) => notice(at + 1, kind));
  renderApp({ overrides: { 'outside.status': async () => ({ ...quiet, notices }) } }, '#/doctor');
  const list = await screen.findByRole('list', { name: 'Changes by other programs, newest first' });
  for (const kind of kinds) expect(list.textContent).toContain(`why ${kind}`);
  expect(new Set([...list.querySelectorAll('[data-severity]')].map(({ textContent }) => textContent)).size).toBe(6);
  expect(list.textContent).toContain('The last good version is in its place.');
});

test('of files that were set aside the window tells quietly, once for all that come together', async () => {
  const app = renderApp({ conversations: 5 });
  await screen.findByRole('grid');
  const before = app.inputsOf('quarantine.list').length;
  act(() => app.emit('outside.changed', { ...quiet, notices: [notice(1, 'taken')] }));
  act(() => app.emit('outside.changed', { ...quiet, notices: [3, 2].map((id) => notice(id, 'set-aside')) }));
  await screen.findByText('2 files could not be read and were set aside.');
  expect(screen.queryByRole('alert', { name: 'Files are missing' })).toBeNull();
  expect(before).toBe(0);
});
