import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

test('an edit with any editor is taken over while the vault is open, and those who watch are told', async () => {
  const vault = await openTestVault(tempFolder());
  const collection = vault.collection('conversations');
  const now = new Date().toISOString();
  await collection.insertOne({ id: 'a', title: 'before', created_at: now });
  await vault.settleFiles();
  await vault.watchFiles();
  // The system's watches stand a moment later; what happens before is seen by the first comparison, 15 s after opening.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const sources: string[] = [];
  vault.watch(({ source }) => sources.push(source));
  const [file] = [...vault.files(['conversations'])];
  const path = join(vault.root, file?.path ?? '');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"before"', '"by hand"'));
  await vi.waitFor(async () => expect(await collection.findOne({ id: 'a' })).toMatchObject({ title: 'by hand' }), {
    timeout: 25_000,
    interval: 50,
  });
  await vi.waitFor(() => expect(sources).toContain('external'), { timeout: 25_000 });
  expect((await collection.find({ title: 'by hand' })).map(({ id }) => id)).toEqual(['a']);
}, 60_000);
