import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLog } from '../../../main/lib/log.ts';
import { createHealthMonitor } from '../../../main/store/health.ts';
import type { Vault } from '../../../main/store/types.ts';
import { AppError } from '../../../shared/errors.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';
import { openTroubled } from './troubled-vault.ts';

const insert = (vault: Vault, id: string) =>
  vault.collection('conversations').insertOne({ id, title: id, created_at: '2026-01-05T12:00:00.000Z' });
const titles = async (vault: Vault): Promise<string[]> =>
  (await vault.collection('conversations').find({}, { sort: { id: 1 } })).map(({ id }) => id);
const fileOf = (root: string, id: string): string => join(root, 'data/conversations/2026/01/05', `${id}.json`);

/** What the takeover of a lock amounts to. */
function steal(root: string): void {
  const thief = { nonce: 'other', pid: 1, host: 'elsewhere', pidStart: null, bootId: null, since: '2026-01-01' };
  writeFileSync(join(root, '_owner.json'), JSON.stringify(thief));
}

test('a full disk refuses writes, keeps what there was, and takes writes again by itself', async () => {
  const { vault, onCall, probe, isProbing, states } = await openTroubled(join(tempFolder(), 'v'));
  await insert(vault, 'a');
  await vault.settleFiles();
  onCall((name) => (name === 'createFilled' ? 'ENOSPC' : undefined));
  await expect(insert(vault, 'b')).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(vault.health()).toMatchObject({
    state: 'refusing',
    code: 'DISK_FULL',
    remedy: expect.stringContaining('Free some space') as string,
  });
  await probe();
  expect(vault.health().state).toBe('refusing');
  onCall(undefined);
  await probe();
  expect([vault.health().state, isProbing()]).toEqual(['ok', false]);
  await insert(vault, 'c');
  expect(await titles(vault)).toEqual(['a', 'c']);
  expect(states).toEqual(['refusing', 'ok']);
});

test('a write that goes through clears the refusal without waiting for the probe', async () => {
  const { vault, onCall } = await openTroubled(join(tempFolder(), 'v'));
  onCall((name) => (name === 'createFilled' ? 'EIO' : undefined));
  await expect(insert(vault, 'a')).rejects.toMatchObject({ code: 'DISK_ERROR' });
  onCall(undefined);
  await insert(vault, 'b');
  expect(vault.health()).toEqual({ state: 'ok' });
});

test('files that cannot follow the log are told of, lose nothing, and follow once they can', async () => {
  const { vault, onCall, probe } = await openTroubled(join(tempFolder(), 'v'));
  await insert(vault, 'a');
  await vault.settleFiles();
  onCall((name) => (name === 'createUnsynced' ? 'EROFS' : undefined));
  await insert(vault, 'b');
  await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect(vault.health()).toMatchObject({ state: 'files_behind', code: 'DISK_ERROR' });
  expect(await titles(vault)).toEqual(['a', 'b']);
  expect(existsSync(fileOf(vault.root, 'b'))).toBe(false);
  onCall(undefined);
  await probe();
  expect(vault.health()).toEqual({ state: 'ok' });
  expect(existsSync(fileOf(vault.root, 'b'))).toBe(true);
});

for (const how of ['moved away and back', 'replaced by a copy of itself'] as const) {
  test(`a folder ${how}: nothing is deleted, nothing is acknowledged meanwhile, and it goes on without a restart`, async () => {
    const { vault, probe, states } = await openTroubled(join(tempFolder(), 'v'));
    const { root } = vault;
    const away = `${root}-away`;
    await insert(vault, 'a');
    await vault.settleFiles();
    await insert(vault, 'b');
    renameSync(root, away);
    await expect(vault.collection('conversations').findOne({ id: 'a' })).rejects.toMatchObject({ code: 'DISK_ERROR' });
    expect(vault.health()).toMatchObject({ state: 'gone', code: 'DISK_ERROR' });
    await expect(insert(vault, 'lost')).rejects.toMatchObject({
      message: expect.stringContaining('not there') as string,
    });
    await expect(vault.rebuild()).rejects.toMatchObject({ code: 'DISK_ERROR' });
    await probe();
    expect(vault.health().state).toBe('gone');
    expect((await vault.counts()).conversations).toBe(2);
    expect(existsSync(root)).toBe(false);
    if (how === 'moved away and back') renameSync(away, root);
    else {
      cpSync(away, root, { recursive: true, preserveTimestamps: true });
      rmSync(away, { recursive: true });
    }
    await probe();
    expect([vault.health().state, states]).toEqual(['ok', ['gone', 'ok']]);
    await insert(vault, 'c');
    // As a crash would leave it: the log and the files must be in the folder that is there now.
    const copy = join(tempFolder(), 'copy');
    cpSync(root, copy, { recursive: true, filter: (path) => !/_lock|_owner/.test(path) });
    expect(await titles(await openTestVault(copy))).toEqual(['a', 'b', 'c']);
  });
}

test('where the folder is an empty mount point, or another vault, nothing is written into it', async () => {
  const { vault, probe } = await openTroubled(join(tempFolder(), 'v'));
  const { root } = vault;
  await insert(vault, 'a');
  renameSync(root, `${root}-away`);
  mkdirSync(root);
  await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect([vault.health().state, readdirSync(root)]).toEqual(['gone', []]);
  rmSync(root, { recursive: true });
  await (await openTestVault(root)).close();
  const before = readdirSync(root).sort();
  await probe();
  expect([vault.health().state, readdirSync(root).sort()]).toEqual(['gone', before]);
  rmSync(root, { recursive: true });
  renameSync(`${root}-away`, root);
  await probe();
  expect([vault.health().state, existsSync(fileOf(root, 'a'))]).toEqual(['ok', true]);
});

test('a reader too says that the folder is gone, and reads on when it is back', async () => {
  const root = join(tempFolder(), 'v');
  const owner = await openTestVault(root);
  await insert(owner, 'a');
  await owner.close();
  const { vault, probe } = await openTroubled(root, { mode: 'reader' });
  renameSync(root, `${root}-away`);
  await expect(titles(vault)).rejects.toMatchObject({ code: 'DISK_ERROR' });
  expect(vault.health().state).toBe('gone');
  renameSync(`${root}-away`, root);
  await probe();
  expect([vault.health().state, await titles(vault)]).toEqual(['ok', ['a']]);
});

test('a folder that somebody else wrote to while it was away is not written to again', async () => {
  const { vault, probe } = await openTroubled(join(tempFolder(), 'v'));
  const { root } = vault;
  await insert(vault, 'a');
  renameSync(root, `${root}-away`);
  await expect(insert(vault, 'b')).rejects.toMatchObject({ code: 'DISK_ERROR' });
  steal(`${root}-away`);
  renameSync(`${root}-away`, root);
  await probe();
  expect(vault.health()).toMatchObject({ state: 'lost', code: 'VAULT_LOCKED' });
  await expect(insert(vault, 'c')).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
});

test('a checkpoint writes no file once the lock is stolen, and lets no log go', async () => {
  const { vault } = await openTroubled(join(tempFolder(), 'v'), { tuning: { idleMs: 60_000 } });
  await insert(vault, 'a');
  const log = readdirSync(join(vault.root, '_wal')).sort();
  steal(vault.root);
  await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  expect(vault.health()).toMatchObject({ state: 'lost', message: expect.stringContaining('elsewhere') as string });
  expect(existsSync(dirname(fileOf(vault.root, 'a')))).toBe(false);
  expect(readdirSync(join(vault.root, '_wal')).sort()).toEqual(log);
});

for (const [step, call, expected] of [
  ['while it writes files', 'createUnsynced', { files: 12, marked: false }],
  ['before it lets the log go', 'syncAll', { files: 40, marked: false }],
] as const) {
  test(`a checkpoint whose lock is stolen ${step} stops there`, async () => {
    const { vault, onCall } = await openTroubled(join(tempFolder(), 'v'), { tuning: { idleMs: 60_000 } });
    await vault
      .collection('conversations')
      .insertMany(Array.from({ length: 40 }, (_, n) => ({ id: `c${n}`, created_at: '2026-01-05T12:00:00.000Z' })));
    const log = readdirSync(join(vault.root, '_wal')).sort();
    onCall((name) => {
      if (name === call) steal(vault.root);
    });
    await expect(vault.settleFiles()).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
    onCall(undefined);
    expect(readdirSync(dirname(fileOf(vault.root, 'c0')))).toHaveLength(expected.files);
    expect(readdirSync(join(vault.root, '_wal')).sort()).toEqual(log);
  });
}

test('going to sleep brings all into the files and holds writes; awake, they go on', async () => {
  const { vault } = await openTroubled(join(tempFolder(), 'v'), { tuning: { idleMs: 60_000 } });
  await insert(vault, 'a');
  await vault.suspend();
  expect(existsSync(fileOf(vault.root, 'a'))).toBe(true);
  let isDone = false;
  const held = insert(vault, 'b').then(() => (isDone = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([isDone, await titles(vault)]).toEqual([false, ['a']]);
  await vault.resume();
  await held;
  expect(await titles(vault)).toEqual(['a', 'b']);
});

test('what was held in the sleep is refused when another process took over meanwhile', async () => {
  const { vault } = await openTroubled(join(tempFolder(), 'v'));
  await vault.suspend();
  const held = insert(vault, 'b');
  steal(vault.root);
  await vault.resume();
  await expect(held).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  expect(vault.health().state).toBe('lost');
});

test('a vault that is closed in its sleep ends', async () => {
  const { vault } = await openTroubled(join(tempFolder(), 'v'));
  await vault.suspend();
  const held = insert(vault, 'b');
  await vault.close();
  await held;
  expect(existsSync(fileOf(vault.root, 'b'))).toBe(true);
});

for (const code of ['EMFILE', 'EACCES', 'EIO']) {
  test(`${code} on single files is an error for what they hold; nothing is set aside or forgotten`, async () => {
    const { vault, onCall } = await openTroubled(join(tempFolder(), 'v'));
    const messages = vault.collection('messages');
    await insert(vault, 'a');
    for (const id of ['m1', 'm2'])
      await messages.insertOne({ id, conversation_id: 'a', role: 'user', content: id, created_at: '2026-01-05T12:00:00.000Z' }); // prettier-ignore
    await vault.settleFiles();
    const refuse = (name: string, [path]: readonly unknown[]): string | undefined =>
      /^read(File|Range)$/.test(name) && String(path).includes('2026/01/05') ? code : undefined;
    onCall(refuse);
    await expect(titles(vault)).rejects.toMatchObject({ code: 'DISK_ERROR', details: { code } });
    await expect(messages.find({})).rejects.toMatchObject({ code: 'DISK_ERROR' });
    await expect(messages.findOne({ id: 'm1' })).rejects.toMatchObject({ code: 'DISK_ERROR' });
    const rebuilding = vault.rebuild();
    if (code === 'EMFILE') await expect(rebuilding).rejects.toMatchObject({ code: 'DISK_ERROR' });
    else {
      // Where a file refuses for good, the others are read, and its rows stay; see unreadable.test.ts.
      await rebuilding;
      expect(vault.quarantine()).toHaveLength(2);
      expect(await vault.counts()).toMatchObject({ conversations: 1, messages: 2 });
      onCall(undefined);
      await vault.rebuild();
      expect(vault.quarantine()).toEqual([]);
      onCall(refuse);
    }
    // Another program's line makes the owner read the file anew: that it cannot be read now says nothing of its rows.
    const file = join(vault.root, 'data/messages/2026/01/05/a.ndjson');
    writeFileSync(file, `${readFileSync(file, 'utf8')}${JSON.stringify({ role: 'user', conversation_id: 'a' })}\n`);
    await messages.updateOne({ id: 'm1' }, { $set: { model: 'x' } }).catch(() => undefined);
    await vault.settleFiles().catch(() => undefined);
    onCall(undefined);
    expect([await titles(vault), vault.quarantine()]).toEqual([['a'], []]);
    expect((await messages.find({})).map(({ id }) => id)).toEqual(expect.arrayContaining(['m1', 'm2']));
    await vault.settleFiles();
  });
}

test('EMFILE while a vault is opened refuses to open it, naming the file, and changes nothing', async () => {
  const root = join(tempFolder(), 'v');
  const owner = await openTestVault(root);
  await insert(owner, 'a');
  await owner.close();
  rmSync(join(root, 'data/conversations/_index.json'));
  const bad = Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
  const { nodeFs } = await import('../../../main/store/node-fs.ts');
  const fs = {
    ...nodeFs,
    readFile: (path: string) => {
      if (path.endsWith('a.json')) throw bad;
      return nodeFs.readFile(path);
    },
  };
  await expect(openTestVault(root, { fs })).rejects.toMatchObject({
    code: 'DISK_ERROR',
    message: expect.stringContaining('data/conversations/2026/01/05/a.json') as string,
  });
  const again = await openTestVault(root);
  expect([await titles(again), again.quarantine()]).toEqual([['a'], []]);
});

test('when the clock jumps by days, versions still follow each other, also after a crash', async () => {
  const dayMs = 86_400_000;
  let nowMs = Date.parse('2026-05-01T12:00:00.000Z');
  const clock = { now: () => nowMs };
  const root = join(tempFolder(), 'v');
  const vault = await openTestVault(root, { clock });
  const stamps: string[] = [];
  const write = async (into: Vault, title: string): Promise<void> => {
    await into.collection('conversations').updateOne({ id: 'a' }, { $set: { title } }, { upsert: true });
    stamps.push((await into.collection('conversations').findOne({ id: 'a' }))?._meta.hlc ?? '');
  };
  for (const jump of [0, dayMs, -dayMs, -dayMs, 3 * dayMs, -2 * dayMs]) {
    nowMs += jump;
    await write(vault, `${stamps.length}`);
  }
  // A crash, and a clock that has gone back further than a day by then.
  const copy = join(tempFolder(), 'copy');
  cpSync(root, copy, { recursive: true, filter: (path) => !/_lock|_owner/.test(path) });
  nowMs -= 5 * dayMs;
  await write(await openTestVault(copy, { clock }), 'after');
  expect(stamps).toEqual([...stamps].sort());
  expect(new Set(stamps).size).toBe(stamps.length);
});

test('the most pressing trouble is told, once, with the time it began; when all is well nothing is looked at any more', () => {
  let nowMs = 0;
  let probes = 0;
  const monitor = createHealthMonitor({
    clock: { now: () => nowMs },
    log: silentLog,
    probe: async () => undefined,
    repeat: () => {
      probes += 1;
      return () => void (probes -= 1);
    },
  });
  const told: string[] = [];
  monitor.watch((health) => told.push(health.state));
  const error = new AppError('DISK_FULL', 'Full.', { remedy: 'Free some space.' });
  monitor.report('files_behind', error);
  nowMs = 5_000;
  monitor.report('refusing', error);
  monitor.report('files_behind', error);
  nowMs = 9_000;
  monitor.report('refusing', error);
  expect(monitor.current).toEqual({
    state: 'refusing',
    code: 'DISK_FULL',
    since: '1970-01-01T00:00:05.000Z',
    message: 'Full.',
    remedy: 'Free some space.',
  });
  expect([told, probes, monitor.barrier]).toEqual([['files_behind', 'refusing'], 1, undefined]);
  monitor.clear('refusing');
  monitor.clear('files_behind');
  monitor.clear('files_behind');
  expect([told, probes]).toEqual([['files_behind', 'refusing', 'files_behind', 'ok'], 0]);
});
