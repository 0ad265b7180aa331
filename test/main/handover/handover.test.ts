import { spawn } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../main/app/create-app.ts';
import type { App } from '../../../main/app/assemble-app.ts';
import { askOwner } from '../../../main/handover/ask-owner.ts';
import { Door } from '../../../main/handover/protocol.ts';
import type { OwnerWork } from '../../../main/handover/requests.ts';
import { type Handover, serveHandover } from '../../../main/handover/serve-handover.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { makeZip } from '../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { ended, runCli, startCli } from './cli-process.ts';

async function openApp(root = join(tempFolder(), 'vault')): Promise<App> {
  const app = await createApp({ vaultPath: root });
  onTestFinished(() => app.close());
  return app;
}

const doorOf = (root: string): Door => Door.parse(JSON.parse(readFileSync(join(root, '_socket.json'), 'utf8')));

/** A socket with this work behind it, without a vault. */
async function serve(work: Partial<OwnerWork>): Promise<{ readonly root: string; readonly handover: Handover }> {
  const root = tempFolder();
  // Requests that a test does not name are not made.
  const handover = await serveHandover({ root, work: work as OwnerWork, log: silentLog });
  onTestFinished(() => handover.close());
  return { root, handover };
}

/** Says these lines to the socket and gives what comes back until the other side ends. */
function converse(root: string, lines: readonly string[]): Promise<string> {
  const socket = connect(doorOf(root).path);
  let heard = '';
  socket.on('data', (data) => (heard += data.toString()));
  socket.write(lines.map((line) => `${line}\n`).join(''));
  return new Promise((resolve) => socket.on('close', () => resolve(heard)).on('error', () => undefined));
}

const receipt = { acknowledged: true as const, deletedCount: 1 };

test('commands of another process change the vault that the app has open, and the app sees it at once', async () => {
  const app = await openApp();
  const { root } = app.vault;
  const seen: string[] = [];
  app.vault.watch(({ changes }) => seen.push(...changes.map(({ type, id }) => `${type} ${id}`)));
  const inserted = await runCli(root, [
    'insert',
    'conversations',
    '[{"id":"a","title":"Paris"},{"id":"b","title":"Rome"}]',
  ]);
  expect(inserted).toMatchObject({ code: 0, value: { acknowledged: true, insertedCount: 2 }, note: '' });
  const updated = await runCli(root, ['update', 'conversations', '{"id":"a"}', '{"$set":{"title":"Bern"}}']);
  expect(updated).toMatchObject({ code: 0, value: { modifiedCount: 1 } });
  expect(await runCli(root, ['delete', 'conversations', '{"id":"b"}'])).toMatchObject({
    code: 0,
    value: { deletedCount: 1 },
  });
  expect(seen).toEqual(['insert a', 'insert b', 'update a', 'delete b']);
  expect(await app.vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'Bern' });
}, 60_000);

test('an import, its undo and a rebuild go through the app too, and its errors come back as they are', async () => {
  const app = await openApp();
  const { root } = app.vault;
  const zip = await makeZip(join(tempFolder(), 'export.zip'), {
    'conversations.json': JSON.stringify([plainConversation('c1')]),
  });
  const imported = await runCli(root, ['import', zip]);
  expect(imported).toMatchObject({ code: 0, value: { created: 1, file_name: 'export.zip' } });
  const { id } = imported.value as { id: string };
  expect(await app.vault.collection('conversations').count()).toBe(1);
  expect(await runCli(root, ['import', '--undo', id])).toMatchObject({ code: 0, value: { removed_conversations: 1 } });
  expect(await runCli(root, ['import', '--undo', id])).toMatchObject({
    code: 1,
    value: { error: { code: 'IMPORT_UNDONE' } },
  });
  expect(await runCli(root, ['rebuild'])).toMatchObject({ code: 0, value: { records: { imports: 1 } } });
  const bad = await runCli(root, ['update', 'conversations', '{"$nope":1}', '{"$set":{"title":"x"}}']);
  expect(bad).toMatchObject({ code: 1, value: { error: { code: 'BAD_FILTER' } } });
}, 60_000);

test('twenty commands at once beside the app all succeed', async () => {
  const app = await openApp();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => runCli(app.vault.root, ['insert', 'conversations', `{"id":"c${n}"}`])),
  );
  expect(all.map(({ code }) => code)).toEqual(Array(20).fill(0));
  expect(await app.vault.collection('conversations').count()).toBe(20);
}, 120_000);

test('an app that is killed and one that is opened anew leave no obstacle for commands', async () => {
  const root = join(tempFolder(), 'vault');
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'hold-app.ts'), root]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  await new Promise((resolve) => owner.stdout.once('data', resolve));
  owner.kill('SIGKILL');
  await new Promise((resolve) => owner.once('close', resolve));
  expect(existsSync(join(root, '_socket.json'))).toBe(true);
  expect(await runCli(root, ['insert', 'conversations', '{"id":"a"}'])).toMatchObject({ code: 0 });
  const app = await openApp(root);
  expect(await runCli(root, ['insert', 'conversations', '{"id":"b"}'])).toMatchObject({ code: 0 });
  expect(await app.vault.collection('conversations').count()).toBe(2);
}, 60_000);

test('an owner that dies in the middle of a request is told from one that refused', async () => {
  const root = join(tempFolder(), 'vault');
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'hold-app.ts'), root]);
  onTestFinished(() => void owner.kill('SIGKILL'));
  await new Promise((resolve) => owner.stdout.once('data', resolve));
  const many = Array.from({ length: 400 }, (_, n) => plainConversation(`c${n}`));
  const zip = await makeZip(join(tempFolder(), 'export.zip'), { 'conversations.json': JSON.stringify(many) });
  let isUnderWay: () => void = () => undefined;
  const underWay = new Promise<void>((resolve) => (isUnderWay = resolve));
  const asking = askOwner(
    root,
    'import.run',
    { archive: { path: zip, name: 'export.zip' } },
    { onProgress: () => isUnderWay() },
  );
  const failed = asking.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );
  await Promise.race([underWay, failed]);
  const gone = new Promise((resolve) => owner.once('close', resolve));
  owner.kill('SIGKILL');
  expect(await failed).toBe('OWNER_GONE');
  await gone;
  const app = await openApp(root);
  // All of it or nothing, whenever the process died.
  expect([0, 400]).toContain(await app.vault.collection('conversations').count());
}, 60_000);

test('Ctrl-C on an import that the app does for a command cancels it there, and nothing is kept', async () => {
  const app = await openApp();
  const { root } = app.vault;
  const many = Array.from({ length: 3_000 }, (_, n) => plainConversation(`c${n}`));
  const zip = await makeZip(join(tempFolder(), 'export.zip'), { 'conversations.json': JSON.stringify(many) });
  const child = startCli(root, ['import', zip]);
  const over = ended(child);
  await expect
    .poll(() => readdirSync(join(root, '_staging')).length, { interval: 5, timeout: 15_000 })
    .toBeGreaterThan(0);
  child.kill('SIGINT');
  expect(await over).toMatchObject({ code: 1, value: { error: { code: 'CANCELLED' } } });
  await expect.poll(() => readdirSync(join(root, '_staging'))).toEqual([]);
  expect(await app.vault.counts()).toMatchObject({ conversations: 0, messages: 0, imports: 0 });
}, 60_000);

test('a wrong token is refused, and so is anything that is no hello', async () => {
  const app = await openApp();
  const { root } = app.vault;
  const door = doorOf(root);
  const request = JSON.stringify({ request: 'records.insert', input: { collection: 'conversations', draft: {} } });
  for (const token of ['', 'x'.repeat(door.token.length), `${door.token}x`]) {
    const heard = await converse(root, [JSON.stringify({ version: 1, token }), request]);
    expect(JSON.parse(heard)).toMatchObject({ kind: 'failed', error: { code: 'FORBIDDEN' } });
  }
  expect(JSON.parse(await converse(root, ['GET / HTTP/1.1', request]))).toMatchObject({ error: { code: 'BAD_INPUT' } });
  expect(JSON.parse(await converse(root, ['x'.repeat(5_000)]))).toMatchObject({ error: { code: 'BAD_INPUT' } });
  const later = JSON.stringify({ version: 2, token: door.token });
  expect(JSON.parse(await converse(root, [later, request]))).toMatchObject({ error: { code: 'NOT_SUPPORTED' } });
  expect(await app.vault.collection('conversations').count()).toBe(0);
});

test('unknown requests and inputs that do not fit change nothing and say what is wrong', async () => {
  const { root } = await serve({});
  const hello = JSON.stringify({ version: 1, token: doorOf(root).token });
  const answer = async (request: unknown): Promise<unknown> =>
    JSON.parse((await converse(root, [hello, JSON.stringify(request)])).split('\n')[1] ?? '');
  expect(await answer({ request: 'toString', input: {} })).toMatchObject({ error: { code: 'NOT_FOUND' } });
  expect(await answer({ request: 'records.delete', input: { collection: 'x', filter: {}, many: true } })).toMatchObject(
    {
      error: { code: 'BAD_INPUT', message: expect.stringContaining('collection') },
    },
  );
  expect(await answer('hello again')).toMatchObject({ error: { code: 'BAD_INPUT' } });
});

test('the socket and its file are private, and both are gone when the app is closed', async () => {
  const app = await openApp();
  const { path } = doorOf(app.vault.root);
  const modeOf = (file: string): number => lstatSync(file).mode & 0o777;
  if (process.platform !== 'win32') {
    expect([modeOf(path), modeOf(dirname(path)), modeOf(join(app.vault.root, '_socket.json'))]).toEqual([
      0o600, 0o700, 0o600,
    ]);
  }
  await app.close();
  expect([existsSync(path), existsSync(join(app.vault.root, '_socket.json'))]).toEqual([false, false]);
});

test('progress arrives while the work runs, and going away cancels it', async () => {
  let signal: AbortSignal | undefined;
  const { root } = await serve({
    'import.undo': (_, options) => {
      signal = options.signal;
      options.onProgress?.({ phase: 'undoing', done: 1, total: 2, unit: 'records' });
      return new Promise((_resolve, reject) =>
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error)),
      );
    },
  });
  const controller = new AbortController();
  const heard: unknown[] = [];
  const asking = askOwner(
    root,
    'import.undo',
    { id: 'i' },
    {
      signal: controller.signal,
      onProgress: (progress) => {
        heard.push(progress);
        controller.abort();
      },
    },
  );
  await expect(asking).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(heard).toEqual([{ phase: 'undoing', done: 1, total: 2, unit: 'records' }]);
  await expect.poll(() => signal?.aborted).toBe(true);
});

test('closing lets a short change finish and its answer out, and turns away who comes then', async () => {
  let finish: () => void = () => undefined;
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  const { root, handover } = await serve({
    'records.delete': () => (isAsked(), new Promise((resolve) => (finish = () => resolve(receipt)))),
  });
  const input = { collection: 'conversations', filter: {}, many: false } as const;
  const asking = askOwner(root, 'records.delete', input);
  await asked;
  const closed = handover.close();
  expect(await askOwner(root, 'records.delete', input)).toMatchObject({ kind: 'unreachable' });
  finish();
  expect(await asking).toEqual({ kind: 'done', value: receipt });
  await closed;
});

test('characters that are split between two packets arrive whole, and a large request fits', async () => {
  const drafts: unknown[] = [];
  const { root } = await serve({
    'records.insert': async ({ draft }) => (drafts.push(draft), { acknowledged: true, insertedId: 'a' }),
  });
  const draft = { title: 'Grüße 🌍 '.repeat(300_000) };
  expect(await askOwner(root, 'records.insert', { collection: 'conversations', draft })).toMatchObject({
    kind: 'done',
  });
  expect(drafts).toEqual([draft]);
});

test('a door that leads nowhere is no obstacle', async () => {
  const root = tempFolder();
  const input = { collection: 'conversations', filter: {}, many: false } as const;
  expect(await askOwner(root, 'records.delete', input)).toMatchObject({ kind: 'unreachable' });
  writeFileSync(
    join(root, '_socket.json'),
    '{"version":1,"path":"/nowhere/at/all.sock","token":"' + 'x'.repeat(43) + '","pid":1}',
  );
  expect(await askOwner(root, 'records.delete', input)).toMatchObject({ kind: 'unreachable' });
  writeFileSync(join(root, '_socket.json'), '{half');
  expect(await askOwner(root, 'records.delete', input)).toMatchObject({ kind: 'unreachable' });
});

test('commands that come at once without an app wait for each other', async () => {
  const root = join(tempFolder(), 'vault');
  const all = await Promise.all(
    Array.from({ length: 8 }, (_, n) => runCli(root, ['insert', 'conversations', `{"id":"c${n}"}`])),
  );
  expect(all.map(({ code, value }) => (code === 0 ? 0 : value))).toEqual(Array(8).fill(0));
  expect(await runCli(root, ['count', 'conversations'])).toMatchObject({ value: 8 });
}, 120_000);
