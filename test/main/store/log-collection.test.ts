import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../../../main/store/types.ts';
import type { Message } from '../../../shared/collections/messages.ts';
import type { Collection } from '../../../shared/store/store.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';
import { openTestVault } from './open-test-vault.ts';

const time = (day: number, hour = 12): string => `2026-01-0${day}T${hour}:00:00.000Z`;

function linesOf(vault: Vault, path: string): Record<string, unknown>[] {
  const text = readFileSync(join(vault.root, 'data/messages', path), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
async function talk(vault: Vault): Promise<Collection<Message>> {
  const messages = vault.collection('messages');
  await messages.insertMany([
    { id: 'm1', conversation_id: 'talk', role: 'user', content: 'one', created_at: time(1, 10) },
    { id: 'm2', conversation_id: 'talk', role: 'assistant', content: 'two', created_at: time(1, 11) },
    { id: 'm3', conversation_id: 'talk', role: 'user', content: 'three', created_at: time(2) },
  ]);
  await vault.settleFiles();
  return messages;
}
/** As after a crash: nothing says that the vault was closed in order. */
function openAfterCrash(root: string): Promise<Vault> {
  rmSync(join(root, '_clean.json'));
  return openTestVault(root);
}
const contentsOf = async (vault: Vault): Promise<Record<string, unknown>> =>
  Object.fromEntries((await vault.collection('messages').find()).map(({ id, content }) => [id, content]));

test('a conversation over several days has a file for each', async () => {
  const vault = await openTestVault(tempFolder());
  await talk(vault);
  expect(linesOf(vault, '2026/01/01/talk.ndjson').map(({ id }) => id)).toEqual(['m1', 'm2']);
  expect(linesOf(vault, '2026/01/02/talk.ndjson').map(({ id }) => id)).toEqual(['m3']);
});

test('an append leaves the bytes before it alone', async () => {
  const vault = await openTestVault(tempFolder());
  const messages = await talk(vault);
  const path = join(vault.root, 'data/messages/2026/01/01/talk.ndjson');
  const before = readFileSync(path);
  await messages.insertOne({
    id: 'm4',
    conversation_id: 'talk',
    role: 'user',
    content: 'four',
    created_at: time(1, 13),
  });
  await vault.settleFiles();
  expect(readFileSync(path).length).toBeGreaterThan(before.length);
  expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
});

test('an edit appends the superseding line, a delete a tombstone without the text', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  const messages = await talk(vault);
  await messages.updateOne({ id: 'm1' }, { $set: { content: 'uno' } });
  await messages.deleteOne({ id: 'm2' });
  await vault.settleFiles();
  const lines = linesOf(vault, '2026/01/01/talk.ndjson');
  expect(lines.map(({ id, content }) => [id, content])).toEqual([
    ['m1', 'one'],
    ['m2', 'two'],
    ['m1', 'uno'],
    ['m2', undefined],
  ]);
  expect(lines.at(-1)).toMatchObject({ conversation_id: 'talk', _meta: { del: true, gen: 2 } });
  expect(await contentsOf(vault)).toEqual({ m1: 'uno', m3: 'three' });
  await vault.close();
  const again = await openTestVault(root);
  expect(await contentsOf(again)).toEqual({ m1: 'uno', m3: 'three' });
  await again.rebuild();
  expect(await contentsOf(again)).toStrictEqual({ m1: 'uno', m3: 'three' });
});

test('when its last record is deleted a file moves to the trash, and all of it can be brought back', async () => {
  const vault = await openTestVault(tempFolder());
  const messages = await talk(vault);
  const whole = await contentsOf(vault);
  await messages.deleteOne({ id: 'm1' }, { trashBatch: 'first' });
  await messages.deleteMany({ conversation_id: 'talk' }, { trashBatch: 'second' });
  await vault.settleFiles();
  expect([...vault.files(['messages'])]).toEqual([]);
  expect(readdirSync(join(vault.root, 'data/messages/2026/01/01'))).toEqual([]);
  expect(await vault.restoreTrash('second')).toBe(2);
  expect(await contentsOf(vault)).toEqual({ m2: 'two', m3: 'three' });
  expect(await vault.restoreTrash('first')).toBe(1);
  expect(await contentsOf(vault)).toEqual(whole);
  expect(readdirSync(join(vault.root, '_trash'))).toEqual([]);
  await expect(vault.restoreTrash('first')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

for (const [what, tail, kept] of [
  ['a torn last line', '{"id":"m9","conversation_id":"talk","role":"us', { m1: 'one', m2: 'two', m3: 'three' }],
  ['zeros after a power cut', '\0'.repeat(100), { m1: 'one', m2: 'two', m3: 'three' }],
] as const) {
  test(`${what} is set aside, and the rest reads`, async () => {
    const root = tempFolder();
    const vault = await openTestVault(root);
    await talk(vault);
    await vault.close();
    const path = join(root, 'data/messages/2026/01/01/talk.ndjson');
    const good = readFileSync(path, 'utf8');
    appendFileSync(path, tail);
    const again = await openAfterCrash(root);
    expect(await contentsOf(again)).toEqual(kept);
    expect(readFileSync(path, 'utf8')).toBe(good);
    expect(again.quarantine()).toMatchObject([
      { origin: 'data/messages/2026/01/01/talk.ndjson', reason: expect.stringMatching(/^torn last line/) as string },
    ]);
    expect(readFileSync(join(root, '_quarantine', `${again.quarantine()[0]?.id}.bin`), 'utf8')).toBe(tail);
    await again
      .collection('messages')
      .insertOne({ id: 'm4', conversation_id: 'talk', role: 'user', content: 'four', created_at: time(1, 14) });
    await again.settleFiles();
    expect(linesOf(again, '2026/01/01/talk.ndjson')).toHaveLength(3);
  });
}

test('a last line that only lacks its newline is kept', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  await talk(vault);
  await vault.close();
  const path = join(root, 'data/messages/2026/01/01/talk.ndjson');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.trimEnd());
  const again = await openAfterCrash(root);
  expect(await contentsOf(again)).toEqual({ m1: 'one', m2: 'two', m3: 'three' });
  expect(again.quarantine()).toEqual([]);
  await again
    .collection('messages')
    .insertOne({ id: 'm4', conversation_id: 'talk', role: 'user', content: 'four', created_at: time(1, 14) });
  await again.settleFiles();
  expect(linesOf(again, '2026/01/01/talk.ndjson').map(({ id }) => id)).toEqual(['m1', 'm2', 'm4']);
});

test('damaged lines in the middle are set aside, lines of other programs become records', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  await talk(vault);
  await vault.close();
  const path = join(root, 'data/messages/2026/01/01/talk.ndjson');
  const [first, second] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const foreign = '{"conversation_id":"talk","role":"user","content":"by hand"}';
  const invalid = '{"conversation_id":"talk","role":"nobody","content":"x"}';
  writeFileSync(path, [first, '{"broken', '', foreign, '[1]', invalid, second, ''].join('\n'));
  const again = await openAfterCrash(root);
  expect(new Set(Object.values(await contentsOf(again)))).toEqual(new Set(['by hand', 'one', 'three', 'two']));
  expect(again.quarantine().map(({ reason }) => reason)).toEqual([
    expect.stringMatching(/^line at byte \d+: not JSON$/),
    expect.stringMatching(/^line at byte \d+: not a JSON object$/),
    expect.stringMatching(/^line at byte \d+: .*role/),
  ]);
  expect(await again.collection('messages').findOne({ content: 'by hand' })).toMatchObject({
    created_at: '2026-01-01T00:00:00.000Z',
    _meta: { gen: 1, by: { external: true } },
  });
  expect(linesOf(again, '2026/01/01/talk.ndjson')).toHaveLength(3);
});

test('what another program appends while the vault is open is neither lost nor overwritten', async () => {
  const vault = await openTestVault(tempFolder());
  const messages = await talk(vault);
  const path = join(vault.root, 'data/messages/2026/01/01/talk.ndjson');
  appendFileSync(path, '{"id":"hand","conversation_id":"talk","role":"user","content":"by hand"}\n');
  await messages.insertOne({
    id: 'm4',
    conversation_id: 'talk',
    role: 'user',
    content: 'four',
    created_at: time(1, 14),
  });
  await vault.settleFiles();
  expect(await contentsOf(vault)).toEqual({ m1: 'one', m2: 'two', m3: 'three', hand: 'by hand', m4: 'four' });
});

test('an append reads nothing and writes only itself, however long the file is', async () => {
  const disk = countingFs();
  const vault = await openTestVault(tempFolder(), { fs: disk.fs });
  const messages = vault.collection('messages');
  const long = { conversation_id: 'long', role: 'user', created_at: time(1) } as const;
  await messages.insertMany(Array.from({ length: 9 }, () => ({ ...long, content: 'x'.repeat(4_000_000) })));
  await vault.settleFiles();
  const path = join(vault.root, 'data/messages/2026/01/01/long.ndjson');
  expect(readFileSync(path).length).toBeGreaterThan(36_000_000);
  const [reads, changes] = [disk.readFiles().length, disk.changes().length];
  await messages.insertOne({ ...long, id: 'last', content: 'short' });
  expect(disk.readFiles().slice(reads)).toEqual([]);
  expect(disk.changes().slice(changes).join()).not.toContain(path);
  await vault.settleFiles();
  expect(disk.readFiles().slice(reads)).not.toContain(path);
  const ofTheFile = disk
    .changes()
    .slice(changes)
    .filter((change) => change.endsWith(path));
  expect(ofTheFile).toEqual([`append ${path}`]);
  expect(await messages.findOne({ id: 'last' })).toMatchObject({ content: 'short' });
});

test('a file that is read anew in the turn of a commit takes nothing of that commit from memory', async () => {
  const vault = await openTestVault(tempFolder());
  const messages = await talk(vault);
  const path = join(vault.root, 'data/messages/2026/01/01/talk.ndjson');
  // Another program has put the lines in another order: what stands where m1 was is found out by reading it.
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  writeFileSync(path, `${lines.reverse().join('\n')}\n`);
  const fourth = { id: 'm4', conversation_id: 'talk', role: 'user' as const, content: 'four', created_at: time(1, 13) };
  const written = messages.insertOne(fourth);
  await messages.findOne({ id: 'm1' }).catch(() => undefined);
  await written;
  const all = { m1: 'one', m2: 'two', m3: 'three', m4: 'four' };
  await expect.poll(() => contentsOf(vault)).toEqual(all);
  await vault.settleFiles();
  expect(await contentsOf(vault)).toEqual(all);
});
