import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';
import { openTestVault } from './open-test-vault.ts';

/** Every path with its size and time, to show that nothing was touched. */
function picture(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path} ${statSync(path).size} ${statSync(path).mtimeMs}`)
    .sort();
}
async function fill(vault: Vault): Promise<void> {
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'A' },
    { id: 'b', title: 'B' },
  ]);
  await vault.collection('messages').insertOne({ id: 'm', conversation_id: 'a', role: 'user', content: 'hi' });
}

test('a reader sees what a live owner has written, and its owner', async () => {
  const owner = await openTestVault(tempFolder());
  await fill(owner);
  await owner.settleFiles();
  const reader = await openTestVault(owner.root, { mode: 'reader' });
  expect(reader.readOnly).toBe(true);
  expect(reader.owner()).toEqual(owner.owner());
  expect(await reader.collection('conversations').find({}, { sort: { id: 1 } })).toEqual(
    await owner.collection('conversations').find({}, { sort: { id: 1 } }),
  );
  expect(await reader.collection('messages').find({ conversation_id: 'a' })).toHaveLength(1);
  await owner.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'A2' } });
  await owner.settleFiles();
  expect(await reader.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'A2' });
});

test('every write is refused', async () => {
  const owner = await openTestVault(tempFolder());
  await fill(owner);
  const reader = await openTestVault(owner.root, { mode: 'reader' });
  const collection = reader.collection('conversations');
  const code = 'VAULT_READ_ONLY';
  await expect(collection.insertOne({})).rejects.toMatchObject({ code });
  await expect(collection.updateOne({}, { $set: { title: 'x' } })).rejects.toMatchObject({ code });
  await expect(collection.findOneAndUpdate({}, { $set: { title: 'x' } })).rejects.toMatchObject({ code });
  await expect(collection.deleteMany()).rejects.toMatchObject({ code });
  await expect(collection.createIndex({ title: 1 })).rejects.toMatchObject({ code });
  await expect(reader.ingest({ id: 'x', operations: 0, sha256: '' }, { source: 'import' })).rejects.toMatchObject({
    code,
  });
  await expect(reader.restoreTrash('x')).rejects.toMatchObject({ code });
  await expect(reader.rebuild()).rejects.toMatchObject({ code });
  expect(() => reader.writeAppFile('settings', {})).toThrow(expect.objectContaining({ code }));
  expect(reader.readAppFile('settings')).toBeNull();
});

test('a reader changes nothing on disk, whatever state it finds', async () => {
  const root = tempFolder();
  const owner = await openTestVault(root);
  await fill(owner);
  await owner.close();
  const [conversation] = [...dataFiles(root, 'conversations')];
  const [log] = [...dataFiles(root, 'messages')];
  rmSync(join(root, '_clean.json'));
  rmSync(join(root, 'data/messages/_index.json'));
  writeFileSync(join(root, conversation ?? ''), 'damaged');
  appendFileSync(join(root, log ?? ''), '{"torn');
  writeFileSync(join(root, `${conversation ?? ''}.123`), 'left over');
  writeFileSync(join(root, 'data/conversations/2000'), 'a file where a year should be');
  writeFileSync(join(root, '_staging/half.ndjson'), 'staged');
  const before = picture(root);
  const disk = countingFs();
  const reader = await openTestVault(root, { mode: 'reader', fs: disk.fs });
  expect(await reader.counts()).toMatchObject({ conversations: 1, messages: 1 });
  expect(await reader.collection('conversations').find()).toHaveLength(1);
  expect(
    reader
      .quarantine()
      .map(({ origin }) => origin)
      .sort(),
  ).toEqual([conversation, log]);
  await reader.close();
  expect(disk.changes()).toEqual([]);
  expect(picture(root)).toEqual(before);
});

function dataFiles(root: string, collection: string): string[] {
  return readdirSync(join(root, 'data', collection), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('_'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

test('files of other programs are read as they are, without being adopted', async () => {
  const root = tempFolder();
  const owner = await openTestVault(root);
  await owner.collection('conversations').insertOne({ id: 'a', created_at: '2026-01-01T00:00:00.000Z' });
  await owner.close();
  const day = join(root, 'data/conversations/2026/01/01');
  writeFileSync(join(day, 'hand.json'), '{"title":"By hand"}');
  writeFileSync(join(day, 'Other name.json'), '{"id":"elsewhere","title":"Other"}');
  const before = picture(root);
  const reader = await openTestVault(root, { mode: 'reader' });
  const found = await reader.collection('conversations').find({}, { sort: { id: 1 } });
  expect(found.map(({ id, title }) => [id, title])).toEqual([
    ['a', ''],
    ['elsewhere', 'Other'],
    ['hand', 'By hand'],
  ]);
  await reader.close();
  expect(picture(root)).toEqual(before);
});
