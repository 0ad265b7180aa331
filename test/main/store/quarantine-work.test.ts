import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../main/lib/clock.ts';
import { createQuarantineWork, type QuarantineWork, undiscard } from '../../../main/store/quarantine-work.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

const created_at = '2026-01-01T12:00:00.000Z';
const day = 'data/conversations/2026/01/01';

/** A vault with conversation `a` and what became of `b`: its file broken, and set aside. */
async function withBroken(
  broken: (text: string) => string,
): Promise<{ vault: Vault; work: QuarantineWork; id: string }> {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany(['a', 'b'].map((id) => ({ id, title: id, created_at })));
  await vault.settleFiles();
  const path = join(vault.root, day, 'b.json');
  writeFileSync(path, broken(readFileSync(path, 'utf8')));
  await vault.rebuild();
  const work = createQuarantineWork({ vault, clock: systemClock });
  return { vault, work, id: work.list()[0]?.id ?? '' };
}

test('what was set aside is listed with its size, and exported byte for byte', async () => {
  const { work, id } = await withBroken(() => '{"title": "b');
  expect(work.list()).toMatchObject([{ origin: `${day}/b.json`, reason: 'not JSON', bytes: 12, readable: false }]);
  expect(work.read(id)).toEqual({ fileName: 'b.json', bytes: Buffer.from('{"title": "b') });
});

test('what still cannot be read stays where it is', async () => {
  const { work, id } = await withBroken(() => '{"title": "b');
  await expect(work.restore(id)).rejects.toMatchObject({ code: 'RECORD_DAMAGED' });
  expect(work.list()).toHaveLength(1);
  await expect(work.restore('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('what a person has corrected becomes the record’s next version, and its bytes go to the trash', async () => {
  const { vault, work, id } = await withBroken((text) => text.replace('"title": "b"', '"title": "b'));
  const path = join(vault.root, '_quarantine', `${id}.bin`);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"title": "b', '"title": "b"'));
  expect(work.list()).toMatchObject([{ readable: true }]);
  expect(await work.restore(id)).toBe(1);
  expect(await vault.collection('conversations').findOne({ id: 'b' })).toMatchObject({ title: 'b', _meta: { gen: 2 } });
  expect(work.list()).toEqual([]);
  expect(vault.quarantine()).toEqual([]);
  expect(readdirSync(join(vault.root, '_trash'))).toHaveLength(1);
});

test('a record that lives again is not replaced', async () => {
  const { vault, work, id } = await withBroken(() => '{"id":"b","title":"from elsewhere","tags":7}');
  await vault.collection('conversations').insertOne({ id: 'b', title: 'new', created_at });
  await expect(work.restore(id)).rejects.toMatchObject({ code: 'DUPLICATE_KEY' });
  expect(await vault.collection('conversations').findOne({ id: 'b' })).toMatchObject({ title: 'new' });
  expect(work.list()).toHaveLength(1);
});

test('what is not valid for its collection is refused and stays', async () => {
  const { work, id } = await withBroken(() => '{"id":"b","tags":7}');
  await expect(work.restore(id)).rejects.toMatchObject({ code: 'BAD_RECORD' });
  expect(work.list()).toHaveLength(1);
});

test('what is discarded lies in the trash and can be brought back into the quarantine', async () => {
  const { vault, work, id } = await withBroken(() => '{');
  work.discard(id);
  expect(work.list()).toEqual([]);
  const [batch = ''] = readdirSync(join(vault.root, '_trash'));
  expect(undiscard(vault.root, 'anything')).toBe(false);
  expect(undiscard(vault.root, batch)).toBe(true);
  expect(work.list()).toMatchObject([{ id, bytes: 1 }]);
  expect(existsSync(join(vault.root, '_trash', batch))).toBe(false);
});

test('a name that leads out of the trash moves nothing', async () => {
  const { vault } = await withBroken(() => '{');
  const outside = join(vault.root, 'data/quarantine');
  mkdirSync(outside);
  writeFileSync(join(outside, 'mine.bin'), 'x');
  mkdirSync(join(vault.root, '_trash/quarantine-'), { recursive: true });
  expect(undiscard(vault.root, 'quarantine-/../../data')).toBe(false);
  expect(existsSync(join(outside, 'mine.bin'))).toBe(true);
});
