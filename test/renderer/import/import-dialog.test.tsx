// @vitest-environment happy-dom
import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { AppError, cancelled } from '../../../shared/errors.ts';
import type { Handlers, Output } from '../../../shared/ipc/contract.ts';
import type { FixtureOptions } from '../../helpers/fixture-bridge.ts';
import { renderApp, type RenderedApp } from '../../helpers/render-app.tsx';
import { importHandlers, later, plan, receiptOf } from './import-fixture.ts';

const file = new File(['{}'], 'export.zip', { type: 'application/zip' });

async function openDialog(overrides: Partial<Handlers> = {}, options: FixtureOptions = {}): Promise<RenderedApp> {
  const app = renderApp({ overrides: importHandlers(overrides), ...options }, '#/imports');
  await app.user.click(await screen.findByRole('button', { name: 'Import…' }));
  await screen.findByRole('dialog');
  return app;
}

async function choose({ user }: RenderedApp): Promise<void> {
  await user.upload(screen.getByLabelText('Choose a file…', { selector: 'input' }), file);
}

function button(name: string | RegExp): Promise<HTMLElement> {
  return screen.findByRole('button', { name });
}

test('from the file over the dry run to the receipt and back', async () => {
  const app = await openDialog();
  await choose(app);
  await screen.findByText(/6 conversations with 60 messages; 40 of them are new/);
  expect(screen.getByText(/^2 attachments are named/)).toBeTruthy();
  expect(app.inputsOf('import.run')).toEqual([]);

  await app.user.click(await button('Import 4 conversations'));
  await screen.findByText('4 conversations imported.');
  const dialog = screen.getByRole('dialog');
  expect([...dialog.querySelectorAll('dd')].map((count) => count.textContent)).toEqual(['3', '1', '1', '1']);
  await app.user.click(await button('1 conversation could not be read: why'));
  expect(within(dialog).getByText('It ends in the middle of a string.')).toBeTruthy();

  await app.user.click(await button('Undo this import'));
  expect(app.inputsOf('import.undo')).toEqual([]);
  await app.user.click(await button('Undo the import'));
  await screen.findByText(/3 conversations and 40 messages removed, 1 conversation as before\./);
  expect(app.inputsOf('import.undo')).toEqual([{ id: 'import-1', job_id: expect.any(String) }]);
  await button('1 record kept, because they changed since: which');
});

test('the table shows what happens to each conversation and can be narrowed to one kind', async () => {
  const app = await openDialog();
  await choose(app);
  const table = await screen.findByRole('table');
  const titles = () =>
    within(table)
      .getAllByText(/^Talk/)
      .map((cell) => cell.textContent);
  await waitFor(() => expect(titles()).toHaveLength(6));
  expect(within(table).getByText('10 (+4)')).toBeTruthy();
  await app.user.click(await button('Not readable 1'));
  await waitFor(() => expect(screen.getByRole('table').textContent).toContain('Talk six'));
  expect(screen.getByRole('table').textContent).not.toContain('Talk one');
});

test('a second import of the same file says plainly that there is nothing new', async () => {
  const nothing: Output<'import.preview'> = {
    plan: { ...plan, created: 0, updated: 0, skipped: 6, failed: [] },
    rows: 0,
  };
  const app = await openDialog({ 'import.preview': async () => nothing });
  await choose(app);
  await screen.findByText(/Nothing new: all 6 conversations are in the vault already/);
  expect(screen.queryByRole('button', { name: /^Import \d/ })).toBeNull();
});

test('a file of memories alone is imported, shown and taken back, and what it leaves out is named', async () => {
  const none = { seen: 0, created: 0, updated: 0, skipped: 0, failed: [], attachments: 0 };
  const messages = { seen: 0, created: 0, updated: 0, skipped: 0 };
  const memories = { created: 2, updated: 0, skipped: 1 };
  const left = [{ file: 'memory.json', reason: 'its preferences are not taken over' }];
  const brought = { ...none, app: 'memory-document', messages, memories, left_out: left };
  const removed = { removed_conversations: 0, removed_messages: 0, reverted_conversations: 0, removed_memories: 2 };
  const app = await openDialog({
    'import.preview': async () => ({ plan: { ...plan, ...brought }, rows: 0 }),
    'import.run': async () => receiptOf(brought),
    'import.undo': async () => ({ id: 'import-1', ...removed, kept: [] }),
  });
  await choose(app);
  await screen.findByText('3 memories: 2 new, 1 here already, forgotten, or not allowed in.');
  expect(screen.queryByRole('table')).toBeNull();
  await app.user.click(await button('1 file not taken over, or not as a whole: which'));
  await screen.findByText('its preferences are not taken over');
  await app.user.click(await button('Import 2 memories'));
  await screen.findByText('2 memories imported.');
  await button('Show memories');
  await app.user.click(await button('Undo this import'));
  await screen.findByText('The 2 memories it brought will be removed. What you changed yourself since then is kept.');
  await app.user.click(await button('Undo the import'));
  await screen.findByText('2 memories removed.');
});

test('a file that is no export is refused with reason and remedy, and another can be chosen', async () => {
  let isFirst = true;
  const app = await openDialog({
    'import.preview': async () => {
      if (!isFirst) return { plan, rows: 0 };
      isFirst = false;
      throw new AppError('ARCHIVE_UNKNOWN', 'This is a holiday.', { remedy: 'Choose the ZIP as downloaded.' });
    },
  });
  await choose(app);
  expect((await screen.findByRole('alert')).textContent).toBe(
    'export.zip could not be importedThis is a holiday.Choose the ZIP as downloaded.',
  );
  expect(app.inputsOf('import.forget')).toEqual([{ handle: 'handle-0001' }]);
  await choose(app);
  await button('Import 4 conversations');
});

test('the dry run shows how far it is and can be cancelled', async () => {
  const answer = later<Output<'import.preview'>>();
  const app = await openDialog({ 'import.preview': () => answer.promise });
  await choose(app);
  await screen.findByText('Reading export.zip; nothing is written yet');
  const [input] = app.inputsOf('import.preview') as { job_id: string }[];
  const jobId = input?.job_id ?? '';
  act(() =>
    app.emit('job.progress', { job_id: jobId, phase: 'reading', done: 5_000_000, total: 20_000_000, unit: 'bytes' }),
  );
  act(() => app.emit('job.progress', { job_id: 'another-job', phase: 'writing', done: 1, total: 2, unit: 'records' }));
  expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('25');
  expect(screen.getByText(/^5\sMB of 20\sMB$/)).toBeTruthy();

  await app.user.click(await button('Cancel'));
  expect(app.inputsOf('jobs.cancel')).toEqual([{ job_id: jobId }]);
  act(() => answer.reject(cancelled()));
  await screen.findByText('Cancelled. Nothing was imported.');
});

test('closing while work is under way asks first', async () => {
  const answer = later<Output<'import.run'>>();
  const app = await openDialog({ 'import.run': () => answer.promise });
  await choose(app);
  await app.user.click(await button('Import 4 conversations'));
  await screen.findByText('Importing 4 conversations');
  await app.user.click(await button('Close'));
  await app.user.click(await button('Go on'));
  expect(screen.queryByRole('alertdialog')).toBeNull();
  expect(app.inputsOf('jobs.cancel')).toEqual([]);

  await app.user.click(await button('Close'));
  await app.user.click(await button('Stop and close'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(app.inputsOf('jobs.cancel')).toHaveLength(1);
});

test('an answer that comes after the person turned away does not come back on screen', async () => {
  const answer = later<Output<'import.preview'>>();
  const app = await openDialog({ 'import.preview': () => answer.promise });
  await choose(app);
  await screen.findByText(/^Reading export\.zip/);
  await app.user.click(await button('Close'));
  await app.user.click(await button('Stop and close'));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await act(async () => answer.resolve({ plan, rows: 0 }));
  await app.user.click(await button('Import…'));
  await screen.findByText('Drop an export here');
  // Its bytes are of no use to anybody any more.
  expect(app.inputsOf('import.forget')).toEqual([{ handle: 'handle-0001' }]);
});

test('leaving the dry run lets main forget the file', async () => {
  const app = await openDialog();
  await choose(app);
  await app.user.click(
    within(await screen.findByRole('dialog'))
      .getByRole('button', { name: 'Cancel' })
      .closest('button')!,
  );
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(app.inputsOf('import.forget')).toEqual([{ handle: 'handle-0001' }]);
});

test('on the desktop the system’s dialog is asked, for a file or a folder', async () => {
  const picked = { handle: 'handle-0002', name: 'unpacked' };
  const app = await openDialog({ 'files.pick': async () => picked }, { host: 'desktop' });
  await app.user.click(await button('Choose a folder…'));
  await button('Import 4 conversations');
  expect(app.inputsOf('files.pick')).toEqual([{ kind: 'folder' }]);
  expect(app.inputsOf('import.preview')).toEqual([{ handle: 'handle-0002', job_id: expect.any(String) }]);
});

test('a picking that the person gave up changes nothing', async () => {
  const app = await openDialog({ 'files.pick': async () => null }, { host: 'desktop' });
  await app.user.click(await button('Choose a file…'));
  await screen.findByText('Drop an export here');
  expect(app.inputsOf('import.preview')).toEqual([]);
});

test('an undo that fails leaves the receipt on screen and says why', async () => {
  const app = await openDialog({
    'import.undo': async () => {
      throw new AppError('DISK_FULL', 'The disk is full.', { remedy: 'Free some space.' });
    },
  });
  await choose(app);
  await app.user.click(await button('Import 4 conversations'));
  await app.user.click(await button('Undo this import'));
  await app.user.click(await button('Undo the import'));
  await screen.findByText('Free some space.');
  expect(screen.getByText('4 conversations imported.')).toBeTruthy();
});

test('the imported conversations are one click away', async () => {
  const app = await openDialog({ 'import.run': async () => receiptOf() });
  await choose(app);
  await app.user.click(await button('Import 4 conversations'));
  await app.user.click(await button('Show conversations'));
  expect(window.location.hash).toBe('#/conversations');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
