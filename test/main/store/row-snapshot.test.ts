import { existsSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROWS_WORTH_A_SNAPSHOT } from '../../../main/store/row-snapshot.ts';
import type { Vault } from '../../../main/store/types.ts';
import { openVault } from '../../../main/store/vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';
import { openTestVault } from './open-test-vault.ts';

const COUNT = ROWS_WORTH_A_SNAPSHOT + 5;
const at = (number: number): string => new Date(Date.UTC(2026, 0, 1 + (number % 3), 12)).toISOString();

async function rows(vault: Vault): Promise<unknown> {
  const projection = { title: 1, tags: 1, user_id: 1, created_at: 1, updated_at: 1, 'source.import_id': 1 } as const;
  return vault.collection('conversations').find({}, { sort: { id: 1 }, projection });
}

/** A closed vault, and what is in it. */
async function filled(): Promise<{ readonly root: string; readonly expected: unknown }> {
  const root = join(tempFolder(), 'vault');
  const vault = await openVault({ root, mode: 'owner', create: true });
  await vault.collection('conversations').insertMany(
    Array.from({ length: COUNT }, (_, number) => ({
      id: `c${number}`,
      title: `名 ${number} ${'of a length '.repeat(number % 9)}`,
      user_id: `u${number % 7}`,
      tags: number % 2 === 0 ? [] : [`t${number % 5}`],
      created_at: number === 7 ? '2026-01-01T12:00:00Z' : at(number),
      ...(number % 3 === 0 && {
        source: { app: 'chatgpt', format_version: '1', source_id: `s${number}`, sha256: 'x', import_id: `i${number}` },
      }),
    })),
  );
  const expected = await rows(vault);
  await vault.close();
  return { root: vault.root, expected };
}

const indexOf = (root: string): string => join(root, 'data/conversations/_index.json');
const snapshotOf = (root: string): string => join(root, 'data/conversations/_rows.bin');

test('a vault opens from the snapshot alone, and then writes another', async () => {
  const { root, expected } = await filled();
  const disk = countingFs();
  const vault = await openTestVault(root, { fs: disk.fs });
  expect(await rows(vault)).toEqual(expected);
  expect(disk.readFiles()).toContain(snapshotOf(root));
  expect(disk.readFiles().filter((path) => path.endsWith('_index.json') && path.includes('conversations'))).toEqual([]);
  expect(disk.readFiles().filter((path) => /c\d+\.json$/.test(path))).toEqual([]);

  const conversations = vault.collection('conversations');
  await conversations.updateOne({ id: 'c3' }, { $set: { title: 'Another', updated_at: at(9) } });
  await conversations.deleteOne({ id: 'c4' });
  await conversations.insertOne({ id: 'new', title: 'New' });
  const changed = await rows(vault);
  await vault.close();
  const again = await openTestVault(root);
  expect(await rows(again)).toEqual(changed);
  expect((await again.collection('conversations').find({}, { sort: { updated_at: -1 }, limit: 1 }))[0]?.id).toBe('new');
});

const harms: readonly (readonly [string, (snapshot: string, index: string) => void])[] = [
  ['is gone', (snapshot) => rmSync(snapshot)],
  [
    'has another byte',
    (snapshot) =>
      change(snapshot, (bytes) => void bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100)),
  ],
  ['has a damaged header', (snapshot) => change(snapshot, (bytes) => void bytes.write('}', 40))],
  ['is short', (snapshot) => writeFileSync(snapshot, readFileSync(snapshot).subarray(0, -8))],
  ['is empty', (snapshot) => writeFileSync(snapshot, '')],
  ['stands beside another index', (_, index) => utimesSync(index, new Date(), new Date())],
];

function change(path: string, how: (bytes: Buffer) => void): void {
  const bytes = readFileSync(path);
  how(bytes);
  writeFileSync(path, bytes);
}

test.for(harms)('the index is read where the snapshot %s', async ([, harm]) => {
  const { root, expected } = await filled();
  harm(snapshotOf(root), indexOf(root));
  const disk = countingFs();
  const vault = await openTestVault(root, { fs: disk.fs });
  expect(await rows(vault)).toEqual(expected);
  expect(disk.readFiles()).toContain(indexOf(root));
});

test('files that changed after a crash are read again, whatever the snapshot says', async () => {
  const { root } = await filled();
  rmSync(join(root, '_clean.json'));
  const day = join(root, 'data/conversations/2026/01/02');
  rmSync(join(day, 'c1.json'));
  const later = new Date(Date.now() + 60_000);
  utimesSync(day, later, later);
  const vault = await openTestVault(root);
  const ids = (await vault.collection('conversations').find({}, { projection: { id: 1 } })).map(({ id }) => id);
  expect(ids).toHaveLength(COUNT - 1);
  expect(ids).not.toContain('c1');
});

test('the snapshot goes before its index is written, and comes back only where there are many rows', async () => {
  const { root } = await filled();
  const vault = await openTestVault(root);
  await vault.collection('conversations').deleteMany({ user_id: 'u1' });
  await vault.close();
  expect(existsSync(snapshotOf(root))).toBe(false);
  renameSync(indexOf(root), `${indexOf(root)}.kept`);
  expect(await (await openTestVault(root)).collection('conversations').count()).toBeLessThan(COUNT);
});
