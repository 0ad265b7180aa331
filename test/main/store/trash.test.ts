import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const created_at = '2026-01-01T12:00:00.000Z';

test('a deleted document’s file moves to the trash as it stands and comes back as the next version', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  await collection.insertMany([
    { id: 'a', title: 'A', created_at },
    { id: '../b', title: 'B', created_at },
    { id: 'c', created_at },
  ]);
  const before = await collection.find({ id: { $ne: 'c' } }, { sort: { id: 1 } });
  await vault.settleFiles();
  const bytes = readFileSync(join(vault.root, 'data/conversations/2026/01/01/a.json'));
  await collection.deleteMany({ id: { $ne: 'c' } }, { trashBatch: 'undo-1' });
  await vault.settleFiles();
  expect(readFileSync(join(vault.root, '_trash/undo-1/conversations/2026/01/01/a.json'))).toEqual(bytes);
  expect(await vault.restoreTrash('undo-1')).toBe(2);
  const after = await collection.find({ id: { $ne: 'c' } }, { sort: { id: 1 } });
  expect(after.map(({ _meta, ...body }) => body)).toEqual(before.map(({ _meta, ...body }) => body));
  expect(after.map(({ _meta }) => [_meta.gen, _meta.anc])).toEqual(before.map(({ _meta }) => [2, [_meta.rev]]));
  expect(existsSync(join(vault.root, '_trash/undo-1'))).toBe(false);
});

test('a delete without a batch name is kept too, under a fresh one', async () => {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertOne({ id: 'a', title: 'A' });
  await vault.collection('conversations').deleteOne({ id: 'a' });
  await vault.settleFiles();
  const [batch] = readdirSync(join(vault.root, '_trash'));
  expect(await vault.restoreTrash(batch ?? '')).toBe(1);
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'A' });
});

test('what lives again is not replaced by its older self', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  await collection.insertMany([
    { id: 'a', title: 'old', created_at },
    { id: 'b', created_at },
  ]);
  await collection.deleteMany({}, { trashBatch: 't' });
  await collection.insertOne({ id: 'a', title: 'new', created_at });
  expect(await vault.restoreTrash('t')).toBe(1);
  expect(await collection.findOne({ id: 'a' })).toMatchObject({ title: 'new' });
});

test('the older self of what lives again stays in the trash, and comes back once the newer one has gone', async () => {
  const vault = await openTestVault(tempFolder());
  const [conversations, messages] = [vault.collection('conversations'), vault.collection('messages')];
  const message = (id: string, content: string) => ({
    id,
    conversation_id: 'c',
    role: 'user' as const,
    content,
    created_at,
  });
  await conversations.insertMany([
    { id: 'a', title: 'old', created_at },
    { id: 'b', created_at },
  ]);
  await messages.insertMany([message('m', 'old'), message('n', 'n')]);
  for (const collection of [conversations, messages]) await collection.deleteMany({}, { trashBatch: 't' });
  await conversations.insertOne({ id: 'a', title: 'new', created_at });
  await messages.insertOne(message('m', 'new'));
  expect(await vault.restoreTrash('t')).toBe(2);
  expect(await vault.restoreTrash('t')).toBe(0);
  for (const collection of [conversations, messages])
    await collection.deleteMany({ id: { $in: ['a', 'm'] } }, { trashBatch: 'newer' });
  expect(await vault.restoreTrash('t')).toBe(2);
  expect(await conversations.findOne({ id: 'a' })).toMatchObject({ title: 'old' });
  expect(await messages.findOne({ id: 'm' })).toMatchObject({ content: 'old' });
});

test('a record deleted twice under one name keeps both bodies', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  for (const title of ['first', 'second']) {
    await collection.insertOne({ id: 'a', title, created_at });
    await collection.deleteOne({ id: 'a' }, { trashBatch: 't' });
  }
  await vault.settleFiles();
  expect(readdirSync(join(vault.root, '_trash/t/conversations/2026/01/01')).sort()).toEqual(['a.json', 'a~2.json']);
  expect(await vault.restoreTrash('t')).toBe(1);
  expect(await collection.find({}, { projection: { title: 1 } })).toEqual([{ id: 'a', title: 'second' }]);
});

test('a restore that would break a unique key restores nothing and keeps the trash', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  await collection.insertMany([{ id: 'a', lookup_key: 'k' }, { id: 'b' }]);
  await collection.deleteMany({}, { trashBatch: 't' });
  await collection.insertOne({ id: 'c', lookup_key: 'k' });
  await expect(vault.restoreTrash('t')).rejects.toMatchObject({ code: 'DUPLICATE_KEY' });
  expect((await collection.find()).map(({ id }) => id)).toEqual(['c']);
  await collection.deleteOne({ id: 'c' });
  expect(await vault.restoreTrash('t')).toBe(2);
});

test('the trash survives a reopen; an unknown batch is NOT_FOUND', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  await vault.collection('messages').insertOne({ id: 'm', conversation_id: 'c', role: 'user', content: 'hi' });
  await vault.collection('messages').deleteOne({ id: 'm' }, { trashBatch: 't' });
  await vault.close();
  const again = await openTestVault(root);
  expect(await again.restoreTrash('t')).toBe(1);
  expect(await again.collection('messages').findOne({ id: 'm' })).toMatchObject({ content: 'hi' });
  await expect(again.restoreTrash('../../etc')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a file in the trash that cannot be read is not lost when the rest is restored', async () => {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany([
    { id: 'a', created_at },
    { id: 'b', created_at },
  ]);
  await vault.collection('conversations').deleteMany({}, { trashBatch: 't' });
  await vault.settleFiles();
  const day = join(vault.root, '_trash/t/conversations/2026/01/01');
  writeFileSync(join(day, 'b.json'), '{"id": "b"');
  expect(await vault.restoreTrash('t')).toBe(1);
  expect(readdirSync(day)).toEqual(['b.json']);
});
