import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openVault } from '../../../main/store/vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

/** A copy of a vault as a crash left it, its last five writes in the log alone, one byte of the third one wrong. */
async function damagedCopy(): Promise<string> {
  const folder = tempFolder();
  const vault = await openTestVault(join(folder, 'vault'), { tuning: { idleMs: 3_600_000 } });
  for (const id of ['a', 'b', 'c', 'd', 'e']) await vault.collection('conversations').insertOne({ id, title: id });
  const copy = join(folder, 'copy');
  cpSync(join(folder, 'vault'), copy, { recursive: true, filter: (path) => !/_lock|_owner\.json/.test(path) });
  const [segment = ''] = readdirSync(join(copy, '_wal')).filter((name) => name.endsWith('.log'));
  const path = join(copy, '_wal', segment);
  const bytes = readFileSync(path);
  bytes[bytes.indexOf('"id":"c"') + 6] = 0x78;
  writeFileSync(path, bytes);
  return copy;
}
const titles = async (vault: Awaited<ReturnType<typeof openVault>>): Promise<string[]> =>
  (await vault.collection('conversations').find({}, { sort: { id: 1 } })).map(({ title }) => title);

test('a log with damage before its end refuses to be written on, and is read up to the damage', async () => {
  const root = await damagedCopy();
  await expect(openVault({ root, mode: 'owner' })).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
  expect(await titles(await openTestVault(root, { mode: 'reader' }))).toEqual(['a', 'b']);
});

test('salvage keeps what is certain, and the whole log aside', async () => {
  const root = await damagedCopy();
  const vault = await openTestVault(root, { salvage: true });
  expect(await titles(vault)).toEqual(['a', 'b']);
  expect(vault.quarantine()).toMatchObject([{ origin: expect.stringContaining('_wal/') as string }]);
  const kept = readFileSync(join(root, '_quarantine', `${vault.quarantine()[0]?.id}.bin`), 'utf8');
  expect(kept).toContain('"title":"e"');
  await vault.collection('conversations').insertOne({ id: 'f', title: 'f' });
  await vault.close();
  expect(await titles(await openTestVault(root))).toEqual(['a', 'b', 'f']);
});
