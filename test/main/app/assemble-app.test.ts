import { afterEach, expect, test, vi } from 'vitest';
import { readSettings, writeSettings } from '../../../main/app/settings.ts';
import type { Announcement } from '../../../main/ipc/broadcast.ts';
import type { Preview } from '../../../main/transfer/types.ts';
import { AppError } from '../../../shared/errors.ts';
import type { ImportPlan, Receipt } from '../../../shared/ipc/models.ts';
import type { Reply } from '../../../shared/ipc/reply.ts';
import { fakeApp, type FakeApp } from '../../helpers/app-fakes.ts';

afterEach(() => void vi.useRealTimers());

const plan: ImportPlan = {
  app: 'chatgpt',
  format_version: '1',
  file_name: 'export.zip',
  seen: 3,
  created: 3,
  updated: 0,
  skipped: 0,
  failed: [],
  messages: { seen: 9, created: 9, updated: 0, skipped: 0 },
  attachments: 0,
};
const rows = [1, 2, 3].map((n) => {
  const action = 'create' as const;
  return { source_id: `s${n}`, title: `${n}`, created_at: null, action, note: '', messages: 3, new_messages: 3 };
});
const preview: Preview = { plan, rows };
const { attachments: _, ...counts } = plan;
const receipt: Receipt = {
  ...counts,
  id: 'i1',
  created_at: '2026-01-01T00:00:00.000Z',
  duration_ms: 1,
  undone_at: null,
};

function heardBy(fake: FakeApp): Announcement[] {
  const heard: Announcement[] = [];
  fake.app.events.subscribe((announcement) => heard.push(announcement));
  return heard;
}

function valueOf(reply: Reply): unknown {
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
  return reply.value;
}

test('a file is previewed and imported by its handle, and the handle ends with the import', async () => {
  const release = vi.fn(async () => undefined);
  const given: unknown[] = [];
  const { app } = fakeApp({
    transfer: {
      // The real one hands the archive to a worker, which refuses whatever cannot be cloned.
      preview: async (archive) => (given.push(structuredClone(archive)), preview),
      run: async (archive) => (given.push(structuredClone(archive)), receipt),
    },
  });
  const { handle } = app.files.offer({ path: '/x/export.zip', name: 'export.zip', release });
  expect(valueOf(await app.dispatch('import.preview', { handle, job_id: 'job-0001' }))).toEqual({ plan, rows: 3 });
  const window = { handle, offset: 1, limit: 1 };
  expect(valueOf(await app.dispatch('import.rows', window))).toEqual([rows[1]]);
  expect(valueOf(await app.dispatch('import.run', { handle, job_id: 'job-0002' }))).toEqual(receipt);
  expect(given).toEqual(Array(2).fill({ path: '/x/export.zip', name: 'export.zip' }));
  expect(release).toHaveBeenCalledOnce();
  expect(await app.dispatch('import.rows', window)).toMatchObject({ ok: false, error: { code: 'HANDLE_EXPIRED' } });
});

test('rows before the dry run are refused, and a forgotten file is released', async () => {
  const release = vi.fn(async () => undefined);
  const { app } = fakeApp();
  const { handle } = app.files.offer({ path: '/x', name: 'x', release });
  const asked = await app.dispatch('import.rows', { handle, offset: 0, limit: 1 });
  expect(asked).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect(valueOf(await app.dispatch('import.forget', { handle }))).toBeNull();
  expect(release).toHaveBeenCalledOnce();
});

test('a handle that nobody uses for an hour expires and releases its file; use renews it', async () => {
  vi.useFakeTimers();
  const release = vi.fn(async () => undefined);
  const { app } = fakeApp();
  const { handle } = app.files.offer({ path: '/x', name: 'x', release });
  await vi.advanceTimersByTimeAsync(50 * 60_000);
  app.files.resolve(handle);
  await vi.advanceTimersByTimeAsync(50 * 60_000);
  expect(release).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  expect(release).toHaveBeenCalledOnce();
  expect(() => app.files.resolve(handle)).toThrow(expect.objectContaining({ code: 'HANDLE_EXPIRED' }));
});

test('a running import reports progress about ten times a second and ends when it is cancelled', async () => {
  const fake = fakeApp({
    transfer: {
      run: async (_, { signal, onProgress } = {}) => {
        for (let done = 0; !signal?.aborted; done += 1) {
          onProgress?.({ phase: 'reading', done, total: 0, unit: 'bytes' });
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        throw signal?.reason;
      },
    },
  });
  const heard = heardBy(fake);
  const { handle } = fake.app.files.offer({ path: '/x', name: 'x' });
  const running = fake.app.dispatch('import.run', { handle, job_id: 'job-0001' });
  await new Promise((resolve) => setTimeout(resolve, 450));
  expect(valueOf(await fake.app.dispatch('jobs.cancel', { job_id: 'job-0001' }))).toEqual({ cancelled: true });
  expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  const reports = heard.filter((announcement) => announcement.event === 'job.progress');
  expect(reports.length).toBeGreaterThanOrEqual(3);
  expect(reports.length).toBeLessThanOrEqual(8);
  expect(reports[0]?.payload).toMatchObject({ job_id: 'job-0001', phase: 'reading' });
  expect(valueOf(await fake.app.dispatch('jobs.cancel', { job_id: 'job-0001' }))).toEqual({ cancelled: false });
});

test('a host without dialogs says NOT_SUPPORTED; with one, the page gets a handle and no path', async () => {
  const bare = fakeApp().app;
  for (const [method, input] of [
    ['files.pick', { kind: 'file' }],
    ['vault.reveal', {}],
  ] as const)
    expect(await bare.dispatch(method, input)).toMatchObject({ ok: false, error: { code: 'NOT_SUPPORTED' } });
  const revealFolder = vi.fn(async () => undefined);
  const pickFile = async () => ({ path: '/home/ada/export.zip', name: 'export.zip' });
  const { app } = fakeApp({ root: '/home/ada/vault' }, { host: { revealFolder, pickFile } });
  const picked = valueOf(await app.dispatch('files.pick', { kind: 'file' }));
  expect(picked).toEqual({ handle: expect.any(String), name: 'export.zip' });
  await app.dispatch('vault.reveal', {});
  expect(revealFolder).toHaveBeenCalledWith('/home/ada/vault');
});

test('many commits become few events that name every record, messages with their conversation', async () => {
  vi.useFakeTimers();
  const fake = fakeApp();
  const heard = heardBy(fake);
  for (let n = 0; n < 20; n += 1) {
    const change = { collection: 'messages', type: 'insert', id: `m${n}`, stream: 'c1' } as const;
    fake.change({ source: 'local', changes: [change] });
  }
  await vi.advanceTimersByTimeAsync(1000);
  const changes = heard.flatMap((one) => (one.event === 'records.changed' ? [one.payload] : []));
  expect(changes).toHaveLength(2);
  expect(changes.flatMap(({ ids }) => ids)).toContain('c1');
  expect(new Set(changes.flatMap(({ ids }) => ids)).size).toBe(21);
  const statuses = heard.filter((announcement) => announcement.event === 'vault.status');
  expect(statuses.length).toBeGreaterThanOrEqual(1);
  expect(statuses.length).toBeLessThanOrEqual(3);
});

test('more than a hundred changed records are announced without their ids', async () => {
  const fake = fakeApp();
  const heard = heardBy(fake);
  const changes = Array.from(
    { length: 101 },
    (__, n) => ({ collection: 'messages', type: 'insert', id: `m${n}` }) as const,
  );
  fake.change({ source: 'import', changes });
  expect(heard[0]).toEqual({ event: 'records.changed', payload: { collections: ['messages'] } });
});

test('settings: one change leaves the others, unreadable fields fall back, unknown ones are kept', async () => {
  const { app, appFiles } = fakeApp();
  appFiles.set('settings', { theme: 'purple', reading_width: 80, from_the_future: { a: 1 } });
  expect(valueOf(await app.dispatch('settings.get', {}))).toEqual({
    theme: 'system',
    reading_width: 80,
    welcome_done: false,
  });
  expect(valueOf(await app.dispatch('settings.set', { welcome_done: true }))).toEqual({
    theme: 'system',
    reading_width: 80,
    welcome_done: true,
  });
  await app.dispatch('settings.set', { reading_width: undefined });
  expect(appFiles.get('settings')).toMatchObject({ reading_width: 80, welcome_done: true, from_the_future: { a: 1 } });
});

test('a settings file that is no JSON counts as empty, and a change makes a good one of it', () => {
  let text = '{"theme":';
  const files = {
    readAppFile: (): unknown => {
      if (text.endsWith('}')) return JSON.parse(text);
      throw new AppError('RECORD_DAMAGED', '_settings.json is damaged.', { remedy: 'Remove the file.' });
    },
    writeAppFile: (_name: string, value: unknown): void => void (text = JSON.stringify(value)),
  };
  expect(readSettings(files).theme).toBe('system');
  expect(writeSettings(files, { theme: 'dark' }).theme).toBe('dark');
  expect(readSettings(files).theme).toBe('dark');
});

test('closing ends jobs, releases files, and closes the parts once', async () => {
  const release = vi.fn(async () => undefined);
  const { app, closed } = fakeApp({
    transfer: {
      run: (__, { signal } = {}) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    },
  });
  const { handle } = app.files.offer({ path: '/x', name: 'x', release });
  const running = app.dispatch('import.run', { handle, job_id: 'job-0001' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([app.close(), app.close()]);
  expect(await running).toMatchObject({ ok: false, error: { code: 'CANCELLED' } });
  expect(release).toHaveBeenCalledOnce();
  expect(closed).toEqual(['parts']);
});
