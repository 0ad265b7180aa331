import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { must } from '../../../../shared/assert.ts';
import type { WatchState } from '../../../../main/store/watch/types.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';
import { countingFs } from '../counting-fs.ts';
import { openTroubled } from '../troubled-vault.ts';
import { A, B, type Watched, at, eventually, quickDelays, title, watchedVault } from './watched-vault.ts';

function git(root: string, ...command: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...command], { cwd: root, stdio: 'pipe' });
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('git checkout of an older state takes records back to it, and of the newer one forth again', async () => {
  const { vault, edits, root, kept } = await watchedVault({ vanishedMs: 300 });
  const state = async (): Promise<unknown> => ({
    conversations: (await vault.collection('conversations').find({}, { sort: { id: 1 } })).map(
      (record) => record.title,
    ),
    messages: (await vault.collection('messages').find({}, { sort: { id: 1 } })).map(({ content }) => content),
  });
  writeFileSync(join(root, '.gitignore'), '_*\n');
  git(root, 'init', '-q');
  git(root, 'add', 'data');
  git(root, 'commit', '-qm', 'old');
  const old = await state();
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Ape' } });
  await vault.collection('conversations').insertOne({ id: 'd', title: 'Dog', created_at: at(4) });
  await vault.collection('messages').updateOne({ id: 'm0' }, { $set: { content: 'changed' } });
  await vault.collection('messages').insertOne({ id: 'm9', conversation_id: 'a', role: 'user', content: 't9', created_at: at(1) }); // prettier-ignore
  await kept();
  const recent = await state();
  git(root, 'add', 'data');
  git(root, 'commit', '-qm', 'new');

  git(root, 'checkout', '-q', 'HEAD~1');
  // The day folder of d went with its only file, so this one deletion waits for the person.
  await eventually(() =>
    expect(edits.state).toMatchObject({ state: 'held', missing: [{ path: '2026/01/04/d.json' }] }),
  );
  await edits.confirmDeletions();
  await eventually(async () => expect(await state()).toEqual(old));
  await vault.settleFiles();
  await kept();

  git(root, 'checkout', '-q', '-f', 'master');
  await eventually(async () => expect(await state()).toEqual(recent));
  expect(vault.quarantine()).toEqual([]);
  expect((await vault.collection('conversations').findOne({ id: 'a' }))?._meta.gen).toBeGreaterThan(2);
});

test('a backup that is copied back makes older versions the newest, and brings removed records back', async () => {
  const { vault, root, path, kept } = await watchedVault();
  const backup = join(tempFolder(), 'backup');
  cpSync(join(root, 'data'), backup, { recursive: true, preserveTimestamps: true });
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Ape' } });
  await vault.collection('conversations').deleteOne({ id: 'b' });
  await kept();
  cpSync(join(backup, 'conversations/2026'), path('conversations/2026'), { recursive: true, preserveTimestamps: true });
  await eventually(async () => expect([await title(vault, 'a'), await title(vault, 'b')]).toEqual(['Ant', 'Bee']));
  await vault.settleFiles();
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ _meta: { gen: 3, by: { external: true } } }); // prettier-ignore
});

/** So many newer days that those of the first records are not watched any more: only rescans see them. */
async function grown({ vault, kept }: Watched): Promise<void> {
  await vault.collection('conversations').insertMany(
    Array.from({ length: 36 }, (_, day) => ({
      title: 'new',
      created_at: new Date(Date.UTC(2026, 2, 1 + day)).toISOString(),
    })),
  );
  await kept();
  await sleep(200);
}

test('what no event tells of is found by the rescan: edits, new files, missing ones', async () => {
  const watched = await watchedVault();
  const { edits, path, read, heard } = watched;
  await grown(watched);
  writeFileSync(path(A), read(A).replace('Ant', 'Ape'));
  writeFileSync(path('conversations/2026/01/01/hand.json'), '{"title": "By hand"}');
  rmSync(path(B));
  await sleep(300);
  expect(heard).toEqual([]);
  await edits.rescan('2026/01');
  await eventually(() => expect(heard.map(({ type, id }) => `${type} ${id}`).sort()).toEqual(['delete b', 'insert hand', 'update a'])); // prettier-ignore
});

test('a file that comes back from a backup with its old size and time is seen by the rescan', async () => {
  const watched = await watchedVault();
  const { vault, edits, path, heard } = watched;
  await grown(watched);
  const backup = join(tempFolder(), 'a.json');
  cpSync(path(A), backup, { preserveTimestamps: true });
  const before = (await vault.collection('conversations').findOne({ id: 'a' }))?.updated_at ?? '';
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Ape', updated_at: before } });
  await watched.kept();
  await edits.rescan('2026/01');
  cpSync(backup, path(A), { preserveTimestamps: true });
  expect(heard).toEqual([]);
  await edits.rescan('2026/01');
  expect(heard).toMatchObject([{ type: 'update', id: 'a' }]);
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({
    title: 'Ant',
    _meta: { gen: 3 },
  });
});

test('a rescan reads only what has changed since the last', async () => {
  const disk = countingFs();
  const { vault, edits, path, read, heard } = await watchedVault({}, tempFolder(), { fs: disk.fs });
  await edits.rescan('');
  await edits.rescan('');
  const former = disk.readFiles().length;
  await edits.rescan('');
  expect(
    disk
      .readFiles()
      .slice(former)
      .filter((file) => /\/2026\//.test(file)),
  ).toEqual([]);
  writeFileSync(path(A), read(A).replace('Ant', 'Ape'));
  await eventually(() => expect(heard).toHaveLength(1));
  expect(await title(vault, 'a')).toBe('Ape');
});

test('many files that vanish at once are held until they come back', async () => {
  const { vault, edits, path, heard, kept } = await watchedVault();
  await vault
    .collection('conversations')
    .insertMany(Array.from({ length: 30 }, (_, number) => ({ id: `n${number}`, title: 'n', created_at: at(5) })));
  await kept();
  const folder = path('conversations/2026/01/05');
  const away = join(tempFolder(), 'away');
  mkdirSync(away);
  for (const name of readdirSync(folder).slice(0, 25)) renameSync(join(folder, name), join(away, name));
  await eventually(() => expect(edits.state).toMatchObject({ state: 'held', missing: { length: 25 } }));
  await sleep(700);
  expect({ heard, count: (await vault.counts()).conversations }).toEqual({ heard: [], count: 33 });
  for (const name of readdirSync(away)) renameSync(join(away, name), join(folder, name));
  await eventually(() => expect(edits.state.state).toBe('watching'));
  await sleep(600);
  expect({ heard, count: (await vault.counts()).conversations }).toEqual({ heard: [], count: 33 });
});

test('what is held can be brought back as it was, or deleted on the person’s word', async () => {
  const { vault, edits, path, heard, kept, has } = await watchedVault();
  await vault
    .collection('conversations')
    .insertMany(
      Array.from({ length: 30 }, (_, number) => ({ id: `n${number}`, title: `n${number}`, created_at: at(5) })),
    );
  await kept();
  const folder = path('conversations/2026/01/05');
  const states: WatchState[] = [];
  edits.onState((state) => states.push(state));
  rmSync(folder, { recursive: true });
  await eventually(() => expect(edits.state).toMatchObject({ state: 'held', missing: { length: 30 } }));
  // Those who show it know of all of them, not only of so many as made it a loss.
  await eventually(() => expect(states.at(-1)).toMatchObject({ state: 'held', missing: { length: 30 } }));
  expect(await edits.restoreMissing()).toEqual([]);
  expect([edits.state.state, states.at(-1)?.state]).toEqual(['watching', 'watching']);
  expect(await title(vault, 'n7')).toBe('n7');
  rmSync(folder, { recursive: true });
  await eventually(() => expect(edits.state).toMatchObject({ state: 'held', missing: { length: 30 } }));
  await edits.confirmDeletions();
  expect((await vault.counts()).conversations).toBe(3);
  await vault.settleFiles();
  expect(heard.filter(({ type }) => type === 'delete')).toHaveLength(30);
  const batches = readdirSync(join(vault.root, '_trash'));
  expect(await vault.restoreTrash(batches[0] ?? '')).toBe(30);
  expect([await title(vault, 'n7'), has('conversations/2026/01/05/n7.json')]).toEqual(['n7', true]);
});

test('a vault that vanishes deletes nothing, and goes on when it is back', async () => {
  const { vault, edits, root, heard, path, read } = await watchedVault({ retryMs: 100 });
  renameSync(root, `${root}-away`);
  try {
    await sleep(900);
    expect(heard).toEqual([]);
    expect((await vault.counts()).conversations).toBe(3);
    expect(existsSync(root)).toBe(false);
  } finally {
    renameSync(`${root}-away`, root);
  }
  await sleep(300);
  writeFileSync(path(A), JSON.stringify({ ...(JSON.parse(read(A)) as object), title: 'Back' }));
  await eventually(() => expect(heard).toMatchObject([{ type: 'update', id: 'a' }]), 12_000);
  expect(edits.state.state).toBe('watching');
  expect((await vault.counts()).conversations).toBe(3);
});

test('what was done to the files while the folder was away is found once it is back, whatever day it is of', async () => {
  const { vault, probe } = await openTroubled(tempFolder());
  await vault.collection('conversations').insertOne({ id: 'old', title: 'Old', created_at: at(1) });
  await vault.collection('conversations').insertMany(
    Array.from({ length: 36 }, (_, day) => ({
      title: 'new',
      created_at: new Date(Date.UTC(2026, 2, 1 + day)).toISOString(),
    })),
  );
  await vault.settleFiles();
  await must(await vault.watchFiles({ delays: quickDelays }), 'the watcher').ready();
  const away = `${vault.root}-away`;
  const file = 'data/conversations/2026/01/01/old.json';
  renameSync(vault.root, away);
  try {
    await expect(vault.collection('conversations').insertOne({ title: 'x', created_at: at(2) })).rejects.toThrow();
    writeFileSync(join(away, file), readFileSync(join(away, file), 'utf8').replace('Old', 'Edited meanwhile'));
  } finally {
    renameSync(away, vault.root);
  }
  expect(vault.health().state).toBe('gone');
  await probe();
  await eventually(async () => expect([vault.health().state, await title(vault, 'old')]).toEqual(['ok', 'Edited meanwhile']), 30_000); // prettier-ignore
  expect(await vault.collection('conversations').findOne({ id: 'old' })).toMatchObject({ _meta: { by: { external: true } } }); // prettier-ignore
});

test('a new day and a day that was made anew are watched like any other', async () => {
  const { vault, path } = await watchedVault();
  mkdirSync(path('conversations/2027/03/04'), { recursive: true });
  await sleep(300);
  writeFileSync(path('conversations/2027/03/04/late.json'), '{"title": "Late"}');
  await eventually(async () => expect(await title(vault, 'late')).toBe('Late'));
  renameSync(path('conversations/2026/01/02'), path('conversations/2026/01/02-aside'));
  await sleep(100);
  cpSync(path('conversations/2026/01/02-aside'), path('conversations/2026/01/02'), { recursive: true });
  await sleep(300);
  writeFileSync(path('conversations/2026/01/02/c.json'), '{"title": "Cow"}');
  await eventually(async () => expect(await title(vault, 'c')).toBe('Cow'));
});

test('edits made while the vault was closed, even in place, are found by the first comparison', async () => {
  const first = await watchedVault();
  const { root } = first;
  await first.vault.close();
  await sleep(20);
  writeFileSync(first.path(A), first.read(A).replace('Ant', 'Ape'));
  const again = await watchedVault({}, root);
  await again.edits.rescan('');
  expect(await again.vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'Ape', _meta: { gen: 2 } }); // prettier-ignore
});

test('readers watch nothing, and nothing of what they see changes', async () => {
  const { root } = await watchedVault();
  const reader = await openTestVault(root, { mode: 'reader' });
  expect(await reader.watchFiles()).toBeNull();
});

test('a watched vault that is not closed lets its process end', async () => {
  const { root, vault } = await watchedVault();
  await vault.close();
  const script = `
    const { openVault } = await import(${JSON.stringify(join(import.meta.dirname, '../../../../main/store/vault.ts'))});
    const vault = await openVault({ root: process.argv[1], mode: 'owner' });
    const edits = await vault.watchFiles();
    await vault.collection('conversations').insertOne({ title: 'x' });
    console.log(edits.state.state);
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script, root], { timeout: 10_000 });
  expect(output.toString().trim()).toBe('watching');
});
