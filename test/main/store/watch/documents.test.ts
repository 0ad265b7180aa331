import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { A, B, at, eventually, title, watchedVault } from './watched-vault.ts';

const edited = (text: string, changes: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(text) as Record<string, unknown>), ...changes });

test('our own writes are nobody’s edits', async () => {
  const { vault, edits, heard, read } = await watchedVault();
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'Ape' } });
  await vault.settleFiles();
  const before = read(A);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await edits.idle();
  await edits.rescan('');
  expect({ heard, text: read(A) }).toEqual({ heard: [], text: before });
});

test('an edit becomes a new version by another program, is heard of, and the file is written in our manner', async () => {
  const { vault, heard, path, read } = await watchedVault();
  const before = await vault.collection('conversations').findOne({ id: 'a' });
  writeFileSync(path(A), edited(read(A), { title: 'Ape', note: 'mine' }));
  await eventually(() => expect(heard).toEqual([{ collection: 'conversations', type: 'update', id: 'a' }]));
  const after = await vault.collection('conversations').findOne({ id: 'a' });
  expect(after).toMatchObject({
    note: 'mine',
    context: { deep: 'kept' },
    _meta: { gen: 2, anc: [before?._meta.rev], by: { external: true } },
  });
  expect(after?.updated_at).not.toBe(before?.updated_at);
  await eventually(() => expect(read(A)).toBe(`${JSON.stringify(after, null, 2)}\n`));
  expect(vault.quarantine()).toEqual([]);
});

test('of a tampered _meta nothing is believed, and a file that says nothing new is put right', async () => {
  const { vault, path, read, heard } = await watchedVault();
  const before = read(A);
  const record = JSON.parse(before) as { _meta: object };
  writeFileSync(path(A), JSON.stringify({ ...record, _meta: { ...record._meta, rev: '9-forged', gen: 9, hlc: 'z' } }));
  await eventually(() => expect(read(A)).toBe(before));
  writeFileSync(path(B), edited(read(B), { title: 'Bat', _meta: 'gone' }));
  await eventually(() => expect(heard.map(({ id }) => id)).toEqual(['b']));
  expect(await vault.collection('conversations').findOne({ id: 'b' })).toMatchObject({
    title: 'Bat',
    _meta: { gen: 2 },
  });
});

test('a file without id and dates keeps those of its record', async () => {
  const { vault, path } = await watchedVault();
  writeFileSync(path(A), '{"title": "Short"}');
  await eventually(async () => expect(await title(vault, 'a')).toBe('Short'));
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ created_at: at(1) });
});

test('a new file becomes a record', async () => {
  const { vault, path, read, has, heard } = await watchedVault();
  writeFileSync(path('conversations/2026/01/01/hand.json'), '{"title": "By hand"}');
  mkdirSync(path('conversations/2026/01/09'));
  writeFileSync(
    path('conversations/2026/01/09/Some Export.json'),
    JSON.stringify({ id: 'x1', title: 'X', created_at: at(3) }),
  );
  await eventually(async () =>
    expect([await title(vault, 'hand'), await title(vault, 'x1')]).toEqual(['By hand', 'X']),
  );
  await eventually(() => expect(JSON.parse(read('conversations/2026/01/01/hand.json'))).toMatchObject({ id: 'hand', _meta: { gen: 1, by: { external: true } } })); // prettier-ignore
  await eventually(() => expect(has('conversations/2026/01/03/x1.json')).toBe(true));
  await eventually(() => expect(has('conversations/2026/01/09/Some Export.json')).toBe(false));
  expect(heard.map(({ type, id }) => `${type} ${id}`).sort()).toEqual(['insert hand', 'insert x1']);
});

test('a broken file is left while somebody may be saving it, then set aside with the last good version in its place', async () => {
  const { vault, path, read, notices, edits } = await watchedVault();
  const good = read(A);
  writeFileSync(path(A), '{"title": "half');
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(read(A)).toBe('{"title": "half');
  expect(edits.isUnsettled({ collection: 'conversations', path: '2026/01/01/a.json' })).toBe(true);
  await eventually(() => expect(read(A)).toBe(good));
  expect(vault.quarantine()).toMatchObject([{ origin: `data/${A}`, reason: 'not JSON' }]);
  const kept = join(vault.root, '_quarantine', `${vault.quarantine()[0]?.id}.bin`);
  expect(readFileSync(kept, 'utf8')).toBe('{"title": "half');
  expect(await title(vault, 'a')).toBe('Ant');
  expect(notices).toMatchObject([{ kind: 'set-aside', isRestorable: true, reason: 'not JSON' }]);
});

test('a broken file that is finished in time is an edit like any other', async () => {
  const { vault, path, read, notices } = await watchedVault();
  const text = edited(read(A), { title: 'Late' });
  writeFileSync(path(A), text.slice(0, 40));
  await new Promise((resolve) => setTimeout(resolve, 200));
  writeFileSync(path(A), text);
  await eventually(async () => expect(await title(vault, 'a')).toBe('Late'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect({ notices, aside: vault.quarantine() }).toMatchObject({ notices: [{ kind: 'taken' }], aside: [] });
});

for (const [what, changes, reason] of [
  ['the id', { id: 'other' }, /id/],
  ['the day', { created_at: at(5) }, /date/],
  ['a field, against the schema', { title: 7 }, /title/],
  ['a key to one that is taken', { lookup_key: 'slack:U123:C456' }, /lookup_key/],
] as const) {
  test(`an edit that changes ${what} is set aside, and the last good version stands`, async () => {
    const { vault, path, read } = await watchedVault();
    const good = read(B);
    writeFileSync(path(B), edited(good, changes));
    await eventually(() => expect(vault.quarantine()).toHaveLength(1));
    await eventually(() => expect(read(B)).toBe(good));
    expect(vault.quarantine()).toMatchObject([{ reason: expect.stringMatching(reason) as string }]);
    expect(await title(vault, 'b')).toBe('Bee');
  });
}

test('a second file for a record, and a new file that is no record, go to the quarantine', async () => {
  const { vault, path, read, has } = await watchedVault();
  writeFileSync(path('conversations/2026/01/02/copy.json'), read(A));
  writeFileSync(path('conversations/2026/01/02/bad.json'), '[1]');
  await eventually(() => expect(vault.quarantine().map(({ reason }) => reason).sort()).toEqual(['a second file for the same id', 'not a JSON object'])); // prettier-ignore
  expect([has('conversations/2026/01/02/copy.json'), has('conversations/2026/01/02/bad.json'), has(A)]).toEqual([false, false, true]); // prettier-ignore
});

test('links and other programs’ files are never touched', async () => {
  const { vault, path, read, root } = await watchedVault();
  const target = join(dirname(root), `${root.slice(root.lastIndexOf('/') + 1)}-outside.json`);
  writeFileSync(target, '{"title": "outside"}');
  symlinkSync(target, path('conversations/2026/01/01/link.json'));
  for (const name of ['notes.txt', '.hidden.json', 'a.json~'])
    writeFileSync(path(`conversations/2026/01/01/${name}`), 'mine');
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect(['notes.txt', '.hidden.json', 'a.json~'].map((name) => read(`conversations/2026/01/01/${name}`))).toEqual(['mine', 'mine', 'mine']); // prettier-ignore
  expect({ aside: vault.quarantine(), outside: readFileSync(target, 'utf8') }).toEqual({ aside: [], outside: '{"title": "outside"}' }); // prettier-ignore
  rmSync(target);
});

test('a removed file is a deletion after a while, and the trash gives it back', async () => {
  const { vault, path, has, read, heard, notices } = await watchedVault();
  const good = JSON.parse(read(A)) as { title: string };
  rmSync(path(A));
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect((await vault.counts()).conversations).toBe(3);
  await eventually(() => expect(heard).toEqual([{ collection: 'conversations', type: 'delete', id: 'a' }]));
  await eventually(() => expect(has(A)).toBe(false));
  await eventually(() => expect(notices).toMatchObject([{ kind: 'deleted', isRestorable: true }]));
  const batch = readdirSync(join(vault.root, '_trash'));
  expect(batch).toHaveLength(1);
  await vault.restoreTrash(batch[0] ?? '');
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: good.title, context: { deep: 'kept' } }); // prettier-ignore
});

test('a file that is away for a moment was not deleted', async () => {
  const { vault, path, heard } = await watchedVault();
  renameSync(path(A), `${vault.root}/elsewhere`);
  await new Promise((resolve) => setTimeout(resolve, 250));
  renameSync(`${vault.root}/elsewhere`, path(A));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect({ heard, count: (await vault.counts()).conversations }).toEqual({ heard: [], count: 3 });
});

test('a record that a person moved to another day comes back to its own', async () => {
  const { vault, path, has, edits } = await watchedVault();
  renameSync(path(A), path('conversations/2026/01/02/a.json'));
  await eventually(() => expect([has(A), has('conversations/2026/01/02/a.json')]).toEqual([true, false]));
  await edits.idle();
  expect([await title(vault, 'a'), vault.quarantine().length]).toEqual(['Ant', 0]);
});
