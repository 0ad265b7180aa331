import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';
import { A, type Watched, at, eventually, watchedVault } from './watched-vault.ts';

/** The app's change is acknowledged, and not in its file before the test says so. */
const slowFiles = { tuning: { idleMs: 600_000 } };

const edited = (text: string, changes: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(text) as Record<string, unknown>), ...changes });

/** A vault whose first version of this file is kept, so that it is known what later ones were made from. */
async function settledVault(): Promise<Watched> {
  const watched = await watchedVault({}, tempFolder(), slowFiles);
  const list = join(watched.root, '_good/conversations/2026-01-01.json');
  await eventually(() => expect(JSON.parse(readFileSync(list, 'utf8'))).toHaveProperty(['2026/01/01/a.json']), 30_000);
  return watched;
}

/** Texts of the copies that are kept of this file in the trash. */
function adopted(root: string, file: string): string[] {
  const folder = join(root, '_trash/adopted', file, '..');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

test('a save in the moment of the app’s own change loses neither: both are in the record', async () => {
  const { vault, root, path, read, heard, notices } = await settledVault();
  const byHand = edited(read(A), { note: 'by hand' });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'by the app' } });
  writeFileSync(path(A), byHand);
  await vault.settleFiles();
  await eventually(() => expect(heard).toEqual([{ collection: 'conversations', type: 'update', id: 'a' }]));
  const record = await vault.collection('conversations').findOne({ id: 'a' });
  expect(record).toMatchObject({
    title: 'by the app',
    note: 'by hand',
    context: { deep: 'kept' },
    _meta: { gen: 3, by: { external: true } },
  });
  await eventually(() => expect(notices).toMatchObject([{ kind: 'merged', file: { path: '2026/01/01/a.json' } }]));
  expect(read(A)).toBe(`${JSON.stringify(record, null, 2)}\n`);
  expect({ aside: vault.quarantine(), copies: adopted(root, A) }).toEqual({ aside: [], copies: [byHand] });
});

test('where both changed one field the file’s wins, and the app’s version is in the trash', async () => {
  const { vault, root, path, read, notices } = await settledVault();
  const byHand = edited(read(A), { title: 'by hand' });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'by the app', pinned: true } });
  writeFileSync(path(A), byHand);
  await vault.settleFiles();
  await eventually(() => expect(notices).toMatchObject([{ kind: 'merged', reason: expect.stringContaining('title') }]));
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({
    title: 'by hand',
    pinned: true,
  });
  expect(vault.quarantine()).toEqual([]);
  expect(adopted(root, A).map((text) => (JSON.parse(text) as { title: string }).title).sort()).toEqual(['by hand', 'by the app']); // prettier-ignore
});

test('a save that says what the app says is no news', async () => {
  const { vault, path, read, edits, notices, heard } = await settledVault();
  const byHand = edited(read(A), { title: 'the same' });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'the same' } });
  writeFileSync(path(A), byHand);
  await vault.settleFiles();
  await eventually(() => expect(vault.quarantine()).toEqual([]));
  await edits.idle();
  expect({ notices, heard }).toEqual({ notices: [], heard: [] });
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'the same', _meta: { gen: 2 } }); // prettier-ignore
});

for (const [what, text] of [
  ['cannot be read', '{"title": "by ha'],
  ['breaks the schema', '{"title": 7}'],
  ['is another record', '{"id": "other"}'],
] as const) {
  test(`a save that ${what} is kept in the quarantine, and the app’s version stands`, async () => {
    const { vault, root, path, read, notices } = await settledVault();
    await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'by the app' } });
    writeFileSync(path(A), text);
    await vault.settleFiles();
    await eventually(() => expect(notices).toMatchObject([{ kind: 'set-aside', isRestorable: true }]));
    const [aside] = vault.quarantine();
    expect(aside?.origin).toBe(`data/${A}`);
    expect(readFileSync(join(root, '_quarantine', `${aside?.id}.bin`), 'utf8')).toBe(text);
    expect(JSON.parse(read(A))).toMatchObject({ title: 'by the app' });
  });
}

test('without the version that both were made from, the app’s stands and the save is kept in the quarantine', async () => {
  const { vault, path, read, notices } = await watchedVault({ keepMs: 1e9 }, tempFolder(), slowFiles);
  const byHand = edited(read(A), { note: 'by hand' });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'by the app' } });
  writeFileSync(path(A), byHand);
  await vault.settleFiles();
  await eventually(() => expect(notices).toMatchObject([{ kind: 'set-aside' }]));
  expect(vault.quarantine()).toHaveLength(1);
  expect(JSON.parse(read(A))).toMatchObject({ title: 'by the app' });
});

test('where nobody watches, too, what is written over is in the quarantine', async () => {
  const vault = await openTestVault(tempFolder(), slowFiles);
  const collection = vault.collection('conversations');
  await collection.insertOne({ id: 'a', title: 'Ant', created_at: at(1) });
  await vault.settleFiles();
  const path = join(vault.root, 'data', A);
  await collection.updateOne({ id: 'a' }, { $set: { title: 'by the app' } });
  writeFileSync(path, '{"title": "by hand"}');
  await vault.settleFiles();
  expect(vault.quarantine()).toMatchObject([{ origin: `data/${A}` }]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ title: 'by the app' });
});
