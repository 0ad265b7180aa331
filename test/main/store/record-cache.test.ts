import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { must } from '../../../shared/assert.ts';
import { CollectionTable } from '../../../main/store/collection-table.ts';
import { RecordCache } from '../../../main/store/record-cache.ts';
import type { Row } from '../../../main/store/row.ts';
import type { StoredRecord } from '../../../main/records/stored-record.ts';
import { conversations } from '../../../shared/collections/conversations.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';
import { openTestVault } from './open-test-vault.ts';

const table = new CollectionTable(conversations, []);
const time = '2026-01-01T00:00:00.000Z';
const row = (id: string, crc: number, length = 100): Row => ({
  view: { id, created_at: time, updated_at: time },
  place: { file: null, length, crc },
});
const record = (id: string): StoredRecord => ({ ...row(id, 0).view, list: [{ n: 1 }] }) as unknown as StoredRecord;

test('a record comes back while its row says that its bytes are what they were', () => {
  const cache = new RecordCache(10_000);
  cache.put(table, row('a', 1), record('a'));
  expect(cache.get(table, row('a', 1))).toEqual(record('a'));
  expect(cache.get(table, row('b', 1))).toBeUndefined();
  expect(cache.get(table, row('a', 2))).toBeUndefined();
  expect(cache.get(table, row('a', 1))).toBeUndefined();
});

test('what it gives and took may be changed', () => {
  const cache = new RecordCache(10_000);
  const given = record('a');
  cache.put(table, row('a', 1), given);
  (given['list'] as unknown[]).push(2);
  (must(cache.get(table, row('a', 1)), 'a')['list'] as { n: number }[])[0] = { n: 7 };
  expect(cache.get(table, row('a', 1))).toEqual(record('a'));
});

test('the bytes are bounded, and what was not asked for the longest goes', () => {
  const cache = new RecordCache(2_000);
  for (let at = 0; at < 20; at += 1) cache.put(table, row(`r${at}`, 1), record(`r${at}`));
  expect(cache.get(table, row('r0', 1))).toBeDefined();
  cache.put(table, row('new', 1), record('new'));
  expect(cache.get(table, row('r0', 1))).toBeDefined();
  expect(cache.get(table, row('r1', 1))).toBeUndefined();
  cache.put(table, row('large', 1, 1_000), record('large'));
  expect(cache.get(table, row('large', 1))).toBeUndefined();
  const pending: Row = { ...row('p', 1), place: { file: null, length: 1, crc: 1, pending: '{}' } };
  cache.put(table, pending, record('p'));
  expect(cache.get(table, pending)).toBeUndefined();
});

test('a record is read once, its new version after each write, and writes build on the file', async () => {
  const disk = countingFs();
  const vault = await openTestVault(tempFolder(), { fs: disk.fs });
  const collection = vault.collection('conversations');
  await collection.insertOne({ id: 'c', title: 'One', created_at: time });
  await vault.settleFiles();
  const path = join(vault.root, 'data/conversations/2026/01/01/c.json');
  const reads = (): number => disk.readFiles().filter((each) => each === path).length;
  const first = await collection.findOne({ id: 'c' });
  const before = reads();
  expect(await collection.findOne({ _id: 'c' })).toEqual(first);
  expect(await collection.find({ title: 'One' })).toEqual([first]);
  expect(reads()).toBe(before);
  (first as unknown as { tags: string[] }).tags.push('mine');
  expect((await collection.findOne({ id: 'c' }))?.tags).toEqual([]);

  await collection.updateOne({ id: 'c' }, { $set: { title: 'Two' } });
  expect((await collection.findOne({ id: 'c' }))?.title).toBe('Two');
  await vault.settleFiles();
  expect((await collection.findOne({ id: 'c' }))?.title).toBe('Two');

  // Behind our back; nobody watches.
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), tags: ['theirs'] }));
  await collection.updateOne({ id: 'c' }, { $set: { title: 'Three' } });
  expect(await collection.findOne({ id: 'c' })).toMatchObject({ title: 'Three', tags: ['theirs'] });
  await collection.deleteOne({ id: 'c' });
  expect(await collection.findOne({ id: 'c' })).toBeNull();
});
