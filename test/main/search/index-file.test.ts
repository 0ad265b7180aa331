import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { loadSqlite, takeWriterRole } from '../../../main/search/sqlite.ts';
import { readCoverage } from '../../../main/search/read-coverage.ts';
import type { Vault } from '../../../main/store/types.ts';
import { addChat, idsFound, newVault, openTestVault, startSearch } from './vault-with-search.ts';

async function indexedVault(): Promise<Vault> {
  const vault = await newVault();
  await addChat(
    vault,
    'c',
    'Title',
    Array.from({ length: 200 }, (_, at) => `message number ${at} about zebras`),
  );
  const search = startSearch(vault);
  await search.settled();
  await search.close();
  return vault;
}

const indexFile = (vault: Vault): string => join(vault.root, '_search', 'index.sqlite');

test('an index that is no database is thrown away and built anew', async () => {
  const vault = await indexedVault();
  writeFileSync(indexFile(vault), 'this is not a database, and it is long enough to be looked at as one'.repeat(100));
  expect(await idsFound(startSearch(vault), 'message 199')).toEqual(['c-199']);
});

test('an index damaged in the middle is thrown away and built anew', async () => {
  const vault = await indexedVault();
  const bytes = readFileSync(indexFile(vault));
  for (let at = 4096; at < bytes.length; at += 1) if (at % 4096 < 300) bytes[at] = 0xff;
  writeFileSync(indexFile(vault), bytes);
  const search = startSearch(vault);
  // Nobody is told: while the new index is built, its coverage says so.
  await search.query('message 199', { limit: 5 });
  await vault.collection('messages').updateOne({ id: 'c-0' }, { $set: { content: 'changed' } });
  await expect.poll(() => idsFound(search, 'message 199'), { timeout: 10_000 }).toEqual(['c-199']);
  expect(await idsFound(search, 'changed')).toEqual(['c-0']);
});

test('an index of another version is built anew', async () => {
  const vault = await indexedVault();
  const database = new DatabaseSync(indexFile(vault));
  database.exec('PRAGMA user_version = 999');
  database.close();
  expect(await idsFound(startSearch(vault), 'message 7')).toContain('c-7');
});

test('a second process reads the index while the first writes it, and writes when the first is gone', async () => {
  const vault = await indexedVault();
  const owner = startSearch(vault);
  await owner.settled();
  const reader = await openTestVault(vault.root, 'reader');
  const beside = startSearch(reader);
  expect(await idsFound(beside, 'message 42')).toEqual(['c-42']);
  await owner.close();
  await addChat(vault, 'd', 'Later', ['only now']);
  await vault.settleFiles();
  const later = startSearch(await openTestVault(vault.root, 'reader'));
  expect(await idsFound(later, 'now')).toEqual(['d-0']);
});

test('the writer’s role has one holder at a time', async () => {
  const vault = await indexedVault();
  const sqlite = loadSqlite();
  if (!sqlite) throw new Error('this Node has no SQLite');
  const folder = join(vault.root, '_search');
  const role = takeWriterRole(sqlite, folder);
  expect(role).not.toBeNull();
  expect(takeWriterRole(sqlite, folder)).toBeNull();
  role?.release();
  const next = takeWriterRole(sqlite, folder);
  expect(next).not.toBeNull();
  next?.release();
});

test('coverage on disk is told without starting search', async () => {
  const vault = await indexedVault();
  expect(readCoverage(vault)).toEqual({ indexed: 201, total: 201, state: 'ready', engine: 'fts5' });
  await addChat(vault, 'd', 'New', ['one']);
  await vault.settleFiles();
  expect(readCoverage(vault)).toMatchObject({ indexed: 201, total: 203, state: 'building' });
});

test.skipIf(process.getuid?.() === 0)('a vault that cannot be written is searched all the same', async () => {
  const vault = await newVault();
  await addChat(vault, 'c', '', ['one']);
  await vault.close();
  chmodSync(vault.root, 0o500);
  const search = startSearch(await openTestVault(vault.root, 'reader'));
  expect(await idsFound(search, 'one')).toEqual(['c-0']);
  chmodSync(vault.root, 0o700);
});
