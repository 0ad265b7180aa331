import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../../../main/store/types.ts';
import type { Message } from '../../../shared/collections/messages.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Draft } from '../../../shared/store/store.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { Crash, faultyFs, noLock } from './faulty-fs.ts';
import { openTestVault } from './open-test-vault.ts';

const time = (day: number): string => `2026-01-0${day}T12:00:00.000Z`;
const message = (id: string, conversation_id: string, day: number): Draft<Message> => {
  const at = time(day);
  return { id, conversation_id, role: 'user', content: id, created_at: at, updated_at: at };
};

async function template(): Promise<string> {
  const vault = await openTestVault(tempFolder(), { acquireLock: noLock });
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'A', created_at: time(1) },
    { id: 'b', title: 'B', created_at: time(1) },
    { id: 'c', title: 'C', created_at: time(2) },
  ]);
  await vault
    .collection('messages')
    .insertMany([message('m1', 'a', 1), message('m2', 'a', 1), message('m3', 'a', 2), message('n1', 'b', 1)]);
  await vault.close();
  return vault.root;
}

/** Single commits: each must happen wholly or not at all, whatever the disk does. */
const writes: Readonly<Record<string, (vault: Vault) => Promise<unknown>>> = {
  'insertMany of documents': (vault) =>
    vault.collection('conversations').insertMany([
      { id: 'x', created_at: time(3) },
      { id: 'y', created_at: time(1) },
    ]),
  'updateMany of documents': (vault) =>
    vault.collection('conversations').updateMany({}, { $set: { pinned: true, updated_at: time(9) } }),
  'deleteMany of documents': (vault) =>
    vault.collection('conversations').deleteMany({ created_at: time(1) }, { trashBatch: 't' }),
  'insertMany of messages': (vault) =>
    vault.collection('messages').insertMany([message('p1', 'a', 1), message('p2', 'new', 3), message('p3', 'a', 2)]),
  'updateMany of messages': (vault) =>
    vault.collection('messages').updateMany({}, { $set: { content: 'edited', updated_at: time(9) } }),
  'deleteMany of messages': (vault) =>
    vault.collection('messages').deleteMany({ id: { $in: ['m1', 'm3', 'n1'] } }, { trashBatch: 't' }),
};

async function contents(vault: Vault): Promise<unknown> {
  const projection = { _meta: 0 } as const;
  return {
    conversations: await vault.collection('conversations').find({}, { sort: { id: 1 }, projection }),
    messages: await vault.collection('messages').find({}, { sort: { id: 1 }, projection }),
  };
}

function copyOf(root: string): string {
  const copy = join(tempFolder(), 'vault');
  cpSync(root, copy, { recursive: true, preserveTimestamps: true });
  return copy;
}

for (const [name, write] of Object.entries(writes)) {
  test(`${name}: an error at any disk call leaves everything as it was, in memory and on disk, and the next try works`, async () => {
    const root = await template();
    const done = await openTestVault(copyOf(root), { acquireLock: noLock });
    const before = await contents(done);
    await write(done);
    const after = await contents(done);
    expect(after).not.toEqual(before);
    for (let at = 0, isReached = true; isReached; at += 1) {
      const code = at % 2 === 0 ? 'ENOSPC' : 'EIO';
      const copy = copyOf(root);
      // Opened on a good disk: what is tested is the write.
      const disk = faultyFs(at, { kind: 'error', code, isSticky: false });
      disk.heal();
      const vault = await openTestVault(copy, { fs: disk.fs, acquireLock: noLock });
      disk.arm();
      const result = await write(vault).catch((error: unknown) => error);
      disk.heal();
      isReached = result instanceof AppError;
      if (!isReached) expect(await contents(vault)).toEqual(after);
      else {
        expect(result).toMatchObject({ code: code === 'ENOSPC' ? 'DISK_FULL' : 'DISK_ERROR' });
        expect(await contents(vault), `${code} at call ${at}`).toEqual(before);
        await write(vault);
        expect(await contents(vault), `second try after ${code} at call ${at}`).toEqual(after);
      }
      await vault.rebuild();
      expect(await contents(vault)).toEqual(after);
      await vault.close();
    }
  }, 60_000);
}

test('when the disk refuses even to put things back, memory says what is on the disk', async () => {
  const root = await template();
  for (const write of Object.values(writes)) {
    for (let at = 0, isReached = true; isReached; at += 3) {
      const disk = faultyFs(at, { kind: 'error', code: 'EIO', isSticky: true });
      disk.heal();
      const vault = await openTestVault(copyOf(root), { fs: disk.fs, acquireLock: noLock });
      disk.arm();
      isReached = await write(vault).then(
        () => false,
        () => true,
      );
      disk.heal();
      // The next write puts log files in order.
      await vault.collection('messages').updateMany({}, { $set: { model: 'm' } });
      const found = await contents(vault);
      await vault.rebuild();
      expect(await contents(vault), `error from call ${at}`).toStrictEqual(found);
      await vault.close();
    }
  }
}, 60_000);

test('a crash at any disk call of a single write leaves it done or not done', async () => {
  const root = await template();
  const one = (vault: Vault) => vault.collection('messages').insertOne(message('p1', 'a', 1));
  const update = (vault: Vault) =>
    vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'new', updated_at: time(9) } });
  for (const write of [one, update]) {
    const done = await openTestVault(copyOf(root), { acquireLock: noLock });
    const before = await contents(done);
    await write(done);
    const after = await contents(done);
    for (let at = 0, isReached = true; isReached; at += 1) {
      const copy = copyOf(root);
      const disk = faultyFs(at, { kind: 'crash' });
      disk.heal();
      const vault = await openTestVault(copy, { fs: disk.fs, acquireLock: noLock });
      disk.arm();
      const result = await write(vault).catch((error: unknown) => error);
      isReached = result instanceof Crash;
      const again = await openTestVault(copy, { acquireLock: noLock });
      const found = await contents(again);
      const isDone = JSON.stringify(found) === JSON.stringify(after);
      expect(found).toEqual(isDone ? after : before);
      if (!isReached) expect(isDone).toBe(true);
    }
  }
}, 60_000);
