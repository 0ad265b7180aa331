import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeFs } from '../../../main/store/node-fs.ts';
import { expiredTrash, listTrash, purgeTrash } from '../../../main/store/trash-batches.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const created_at = '2026-01-01T12:00:00.000Z';
const dayMs = 86_400_000;

test('a batch says when, how much and what; the newest comes first', async () => {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'Plans for the garden', created_at },
    { id: 'b', title: 'Herbs', created_at },
  ]);
  const messages = ['m1', 'm2', 'm3'].map((id) => ({
    id,
    conversation_id: 'a',
    role: 'user' as const,
    content: id,
    created_at,
  }));
  await vault.collection('messages').insertMany(messages);
  await vault.collection('messages').deleteMany({ conversation_id: 'a' }, { trashBatch: 'one' });
  await vault.collection('conversations').deleteOne({ id: 'a' }, { trashBatch: 'one' });
  await vault.collection('conversations').deleteOne({ id: 'b' }, { trashBatch: 'retention-conversations-1' });
  await vault.settleFiles();
  age(join(vault.root, '_trash/one'), 1);
  await vault.settleFiles();
  expect(await listTrash(nodeFs, vault.root)).toMatchObject([
    { id: 'retention-conversations-1', reason: 'retention', collections: { conversations: 1 }, examples: ['Herbs'] },
    {
      id: 'one',
      reason: 'deleted',
      collections: { conversations: 1, messages: 3 },
      examples: ['Plans for the garden', 'm1'],
    },
  ]);
  await vault.settleFiles();
  expect(await listTrash(nodeFs, tempFolder())).toEqual([]);
});

test('a batch whose name had to be hashed is restored by the name it is listed under', async () => {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertOne({ id: 'a', created_at });
  await vault.collection('conversations').deleteOne({ id: 'a' }, { trashBatch: 'With Capitals & blanks' });
  await vault.settleFiles();
  const [batch] = await listTrash(nodeFs, vault.root);
  expect(batch?.id).toMatch(/^_/);
  expect(await vault.restoreTrash(batch?.id ?? '')).toBe(1);
});

test('only what nothing was added to for 30 days is removed for good', async () => {
  const vault = await openTestVault(tempFolder());
  const conversations = vault.collection('conversations');
  for (const [id, days] of [
    ['old', 31],
    ['young', 29],
    ['grown', 31],
  ] as const) {
    await conversations.insertOne({ id, created_at });
    await conversations.deleteOne({ id }, { trashBatch: id });
    await vault.settleFiles();
    age(join(vault.root, '_trash', id), days);
  }
  await conversations.insertOne({ id: 'later', created_at });
  await conversations.deleteOne({ id: 'later' }, { trashBatch: 'grown' });
  await vault.settleFiles();
  const clock = { now: () => Date.now() };
  expect(expiredTrash(nodeFs, vault.root, clock)).toEqual(['old']);
  expect(await purgeTrash(nodeFs, vault.root, clock)).toEqual(['old']);
  expect(readdirSync(join(vault.root, '_trash')).sort()).toEqual(['grown', 'young']);
  expect(existsSync(join(vault.root, 'data'))).toBe(true);
});

/** Makes all folders of a batch so many days old. */
function age(folder: string, days: number): void {
  const then = new Date(Date.now() - days * dayMs);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) utimesSync(join(entry.parentPath, entry.name), then, then);
  }
  utimesSync(folder, then, then);
}
