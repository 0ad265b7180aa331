// @vitest-environment happy-dom
import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { DoctorReport, Finding, QuarantineEntry, TrashBatch } from '../../shared/ipc/upkeep.ts';
import { renderApp } from '../helpers/render-app.tsx';

const damaged: Finding = {
  severity: 'error',
  code: 'file-damaged',
  path: 'data/conversations/2026/01/01/b.json',
  message: 'The file cannot be read: not JSON.',
  remedy: 'Run the doctor with repair: the file is moved to the quarantine as it is.',
  repaired: false,
};
const report: DoctorReport = {
  ok: false,
  checked: { files: 1200, records: 5000, bytes: 3_400_000 },
  findings: [damaged],
  more: 0,
  repaired: 0,
  open: 1,
  compared: true,
  duration_ms: 2100,
};
const healed: DoctorReport = {
  ...report,
  ok: true,
  open: 0,
  repaired: 1,
  findings: [{ ...damaged, repaired: true, repair: 'The file was moved to the quarantine.' }],
};
const entry: QuarantineEntry = {
  id: 'q1',
  origin: 'data/conversations/2026/01/01/b.json',
  reason: 'not JSON',
  at: '2026-11-20T10:00:00.000Z',
  bytes: 120,
  readable: false,
};
const batch: TrashBatch = {
  id: 't1',
  at: '2026-11-20T10:00:00.000Z',
  expires_at: '2026-12-20T10:00:00.000Z',
  reason: 'deleted',
  collections: { conversations: 1, messages: 12 },
  bytes: 4000,
  examples: ['Plans for the garden'],
};

test('a check says what is wrong and what to do; the repair says what it did', async () => {
  const app = renderApp({ overrides: { 'doctor.run': async ({ repair }) => (repair ? healed : report) } }, '#/doctor');
  await app.user.click(await screen.findByRole('button', { name: 'Check now' }));
  expect((await screen.findByRole('status')).textContent).toContain('1 thing is wrong.');
  const findings = screen.getByRole('list', { name: 'What was found' });
  expect(findings.textContent).toContain(damaged.message);
  expect(findings.textContent).toContain(damaged.remedy);
  await app.user.click(screen.getByRole('button', { name: 'Repair' }));
  await waitFor(() =>
    expect(screen.getByRole('status').textContent).toContain('Nothing is wrong. 1 thing was repaired.'),
  );
  expect(screen.getByRole('list', { name: 'What was found' }).textContent).toContain(
    'The file was moved to the quarantine.',
  );
  expect(app.inputsOf('doctor.run')).toMatchObject([{ repair: false }, { repair: true }]);
  // What the repair set aside is asked for.
  await waitFor(() => expect(app.inputsOf('quarantine.list').length).toBeGreaterThan(1));
});

test('a running check counts its findings, shows how far it is, and can be stopped', async () => {
  let stop: (error: Error) => void = () => undefined;
  const app = renderApp({ overrides: { 'doctor.run': () => new Promise((_, reject) => (stop = reject)) } }, '#/doctor');
  await app.user.click(await screen.findByRole('button', { name: 'Check now' }));
  const [{ job_id }] = (await waitFor(() => {
    expect(app.inputsOf('doctor.run')).toHaveLength(1);
    return app.inputsOf('doctor.run');
  })) as [{ job_id: string }];
  app.emit('doctor.finding', { job_id, finding: damaged });
  app.emit('doctor.finding', { job_id: 'another-job', finding: damaged });
  app.emit('job.progress', { job_id, phase: 'checking', done: 300, total: 1200, unit: 'files' });
  expect(await screen.findByText('1 finding so far')).toBeTruthy();
  expect(await screen.findByText('300 of 1,200 files')).toBeTruthy();
  await app.user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(app.inputsOf('jobs.cancel')).toEqual([{ job_id }]);
  stop(new AppError('CANCELLED', 'Cancelled.', { remedy: 'Start it again.' }));
  expect(await screen.findByRole('button', { name: 'Check now' })).toBeTruthy();
});

test('a check that fails says why and can be tried again', async () => {
  const failing = async (): Promise<never> => {
    throw new AppError('DISK_ERROR', 'The disk is gone.', { remedy: 'Connect it.' });
  };
  const app = renderApp({ overrides: { 'doctor.run': failing } }, '#/doctor');
  await app.user.click(await screen.findByRole('button', { name: 'Check now' }));
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('Connect it.');
  await app.user.click(within(alert).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(app.inputsOf('doctor.run')).toHaveLength(2));
});

test('what was set aside is discarded or exported; it can be restored only where it can be read', async () => {
  const readable = { ...entry, id: 'q2', origin: 'data/conversations/2026/01/01/c.json', readable: true };
  const app = renderApp({ overrides: { 'quarantine.list': async () => [entry, readable] } }, '#/doctor');
  const list = await screen.findByRole('list', { name: 'Files set aside' });
  expect(within(list).queryByRole('button', { name: `Restore ${entry.origin}` })).toBeNull();
  await app.user.click(within(list).getByRole('button', { name: `Restore ${readable.origin}` }));
  await app.user.click(within(list).getByRole('button', { name: `Move ${entry.origin} to the trash` }));
  await waitFor(() => expect(app.inputsOf('quarantine.discard')).toEqual([{ id: 'q1' }]));
  expect(app.inputsOf('quarantine.restore')).toEqual([{ id: 'q2' }]);
  expect(await screen.findByText('1 record restored.')).toBeTruthy();
});

test('what was deleted says what, why and until when, and is given back', async () => {
  const kept: TrashBatch = { ...batch, id: 't2', reason: 'repair', examples: [] };
  const app = renderApp({ overrides: { 'trash.list': async () => [batch, kept] } }, '#/doctor');
  const list = await screen.findByRole('list', { name: 'Deletions, newest first' });
  expect(list.textContent).toContain('Plans for the garden');
  expect(list.textContent).toContain('1 conversations, 12 messages');
  expect(within(list).getAllByRole('button')).toHaveLength(1);
  await app.user.click(within(list).getByRole('button', { name: 'Restore Plans for the garden' }));
  await waitFor(() => expect(app.inputsOf('trash.restore')).toEqual([{ id: 't1' }]));
});

test('a vault without trash and quarantine says so', async () => {
  renderApp({}, '#/doctor');
  expect(await screen.findByText('The trash is empty.')).toBeTruthy();
  expect(await screen.findByText('Nothing is set aside: every file could be read.')).toBeTruthy();
});

test('the page with everything on it has no fault that axe can see', async () => {
  const overrides = {
    'doctor.run': async () => report,
    'quarantine.list': async () => [{ ...entry, readable: true }],
    'trash.list': async () => [batch],
  };
  const app = renderApp({ overrides }, '#/doctor');
  await app.user.click(await screen.findByRole('button', { name: 'Check now' }));
  await screen.findByRole('status');
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
  });
  expect(violations.map((found) => `${found.id}: ${found.nodes[0]?.html ?? ''}`)).toEqual([]);
});
