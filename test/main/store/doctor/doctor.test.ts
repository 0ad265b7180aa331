import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runDoctor } from '../../../../main/store/doctor/doctor.ts';
import type { DoctorOptions } from '../../../../main/store/doctor/types.ts';
import { checkSpace } from '../../../../main/store/doctor/check-surroundings.ts';
import { nodeFs } from '../../../../main/store/node-fs.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { systemClock } from '../../../../main/lib/clock.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';

const created_at = '2026-01-01T12:00:00.000Z';
const day = 'data/conversations/2026/01/01';
const messagesFile = 'data/messages/2026/01/01/a.ndjson';

/** Conversations a, b, c and two messages of a, on one day. */
async function filledVault(): Promise<Vault> {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany(['a', 'b', 'c'].map((id) => ({ id, title: id, created_at })));
  const messages = ['m1', 'm2'].map((id) => ({
    id,
    conversation_id: 'a',
    role: 'user' as const,
    content: id,
    created_at,
  }));
  await vault.collection('messages').insertMany(messages);
  await vault.settleFiles();
  return vault;
}

const examine = (vault: Vault, options: Partial<DoctorOptions> = {}) =>
  runDoctor({ vault, repair: false, clock: systemClock, ...options });

/** `severity code path`, of all but what the machine that runs the tests is like. */
async function found(vault: Vault, options: Partial<DoctorOptions> = {}): Promise<string[]> {
  const { findings } = await examine(vault, options);
  const own = findings.filter(({ code }) => code !== 'space-low');
  return own.map(({ severity, code, path, repaired }) => `${repaired ? 'repaired' : severity} ${code} ${path}`).sort();
}

function change(vault: Vault, path: string, edit: (text: string) => string): void {
  writeFileSync(join(vault.root, path), edit(readFileSync(join(vault.root, path), 'utf8')));
}

test('a sound vault is told to be sound, with what was looked at', async () => {
  const vault = await filledVault();
  const report = await examine(vault);
  expect(report).toMatchObject({ checked: { files: 4, records: 5 }, repaired: 0, compared: true, more: 0 });
  expect(await found(vault)).toEqual([]);
});

test('a damaged file is named, moved to the quarantine by a repair, and its bytes are kept', async () => {
  const vault = await filledVault();
  writeFileSync(join(vault.root, day, 'b.json'), '{"id": "b", "tit');
  expect(await found(vault)).toEqual([`error file-damaged ${day}/b.json`]);
  expect((await examine(vault)).ok).toBe(false);
  expect(existsSync(join(vault.root, '_quarantine'))).toBe(false);
  expect(await found(vault, { repair: true })).toEqual([`repaired file-damaged ${day}/b.json`]);
  const [entry] = vault.quarantine();
  expect(readFileSync(join(vault.root, '_quarantine', `${entry?.id}.bin`), 'utf8')).toBe('{"id": "b", "tit');
  expect(await found(vault)).toEqual([`note quarantined _quarantine/${entry?.id}.bin`]);
  expect(await vault.collection('conversations').count()).toBe(2);
});

test('a record changed by hand is told by its checksum; accepting it keeps the former bytes', async () => {
  const vault = await filledVault();
  change(vault, `${day}/a.json`, (text) => text.replace('"title": "a"', '"title": "by hand"'));
  const edited = readFileSync(join(vault.root, day, 'a.json'), 'utf8');
  expect(await found(vault)).toEqual([`warning checksum ${day}/a.json`, `warning index-stale ${day}/a.json`]);
  expect(await found(vault, { repair: true })).toEqual([
    `repaired checksum ${day}/a.json`,
    `repaired index-stale ${day}/a.json`,
  ]);
  const record = await vault.collection('conversations').findOne({ title: 'by hand' });
  expect(record).toMatchObject({ id: 'a', _meta: { gen: 2 } });
  const [batch = ''] = readdirSync(join(vault.root, '_trash'));
  expect(readFileSync(join(vault.root, '_trash', batch, 'conversations/2026/01/01/a.json'), 'utf8')).toBe(edited);
  expect(await found(vault)).toEqual([]);
});

test('a line changed by hand is accepted as the message’s next version', async () => {
  const vault = await filledVault();
  change(vault, messagesFile, (text) => text.replace('"content":"m1"', '"content":"changed"'));
  expect(await found(vault)).toContain(`warning checksum ${messagesFile}`);
  await found(vault, { repair: true });
  expect(await vault.collection('messages').findOne({ id: 'm1' })).toMatchObject({
    content: 'changed',
    _meta: { gen: 2 },
  });
});

test('damaged and torn lines are told apart, and a repair keeps the rest of the file', async () => {
  const vault = await filledVault();
  change(vault, messagesFile, (text) => `${text.replace('{"id":"m1"', '{{"id":"m1"')}{"id":"m3","conv`);
  expect(await found(vault)).toEqual([
    `error line-damaged ${messagesFile}`,
    `warning index-stale ${messagesFile}`,
    `warning line-torn ${messagesFile}`,
  ]);
  expect((await examine(vault, { repair: true })).open).toBe(0);
  expect(await vault.collection('messages').find({}, { projection: { id: 1 } })).toEqual([{ id: 'm2' }]);
  expect(vault.quarantine().map(({ origin }) => origin)).toEqual([messagesFile, messagesFile]);
});

test('files and index are compared both ways', async () => {
  const vault = await filledVault();
  const copy = readFileSync(join(vault.root, day, 'a.json'), 'utf8');
  rmSync(join(vault.root, day, 'b.json'));
  mkdirSync(join(vault.root, 'data/conversations/2026/01/02'), { mode: 0o700 });
  writeFileSync(join(vault.root, 'data/conversations/2026/01/02/a.json'), copy, { mode: 0o600 });
  writeFileSync(join(vault.root, day, 'd.json'), '{"title":"from elsewhere"}', { mode: 0o600 });
  expect(await found(vault)).toEqual([
    `error file-gone ${day}/b.json`,
    `warning file-foreign ${day}/d.json`,
    'warning file-misplaced data/conversations/2026/01/02/a.json',
  ]);
  const report = await examine(vault, { repair: true });
  expect(report).toMatchObject({ repaired: 3, open: 0 });
  const titles = await vault
    .collection('conversations')
    .find({}, { sort: { id: 1 }, projection: { title: 1, _id: 0 } });
  expect(titles.map(({ title }) => title)).toEqual(['a', 'c', 'from elsewhere']);
  expect(vault.quarantine()).toMatchObject([{ origin: 'data/conversations/2026/01/02/a.json' }]);
});

test('what is not Almanac’s is listed and never touched', async () => {
  const vault = await filledVault();
  const outside = tempFolder();
  writeFileSync(join(vault.root, 'holiday.txt'), 'mine');
  mkdirSync(join(vault.root, 'data/photos'));
  symlinkSync(outside, join(vault.root, day, 'link.json'));
  const expected = ['note not-ours data/photos', `note not-ours ${day}/link.json`, 'note not-ours holiday.txt'].sort();
  expect(await found(vault, { repair: true })).toEqual(expected);
  expect((await examine(vault)).findings.every(({ severity }) => severity === 'note' || severity === 'warning')).toBe(
    true,
  );
  expect(readFileSync(join(vault.root, 'holiday.txt'), 'utf8')).toBe('mine');
});

test('leftovers of interrupted writes go to the trash by a repair', async () => {
  const vault = await filledVault();
  writeFileSync(join(vault.root, day, 'a.json.1234567'), 'half', { mode: 0o600 });
  expect(await found(vault)).toEqual([`note leftover ${day}/a.json.1234567`]);
  expect(await found(vault, { repair: true })).toEqual([`repaired leftover ${day}/a.json.1234567`]);
  expect(existsSync(join(vault.root, day, 'a.json.1234567'))).toBe(false);
  const [batch = ''] = readdirSync(join(vault.root, '_trash'));
  expect(readFileSync(join(vault.root, '_trash', batch, 'leftovers', day, 'a.json.1234567'), 'utf8')).toBe('half');
});

test.skipIf(process.platform === 'win32')('files that others may read are closed to them by a repair', async () => {
  const vault = await filledVault();
  chmodSync(join(vault.root, day, 'a.json'), 0o644);
  chmodSync(join(vault.root, 'data'), 0o755);
  expect(await found(vault)).toEqual(['warning permissions data', `warning permissions ${day}/a.json`]);
  expect((await examine(vault, { repair: true })).open).toBe(0);
  expect(await found(vault)).toEqual([]);
});

test('records that are not as the schema says, and keys that two have, are named and left alone', async () => {
  const vault = await filledVault();
  await vault.collection('conversations').updateOne({ id: 'a' }, { $set: { lookup_key: 'k' } });
  await vault.close();
  for (const [id, field] of [
    ['b', '"lookup_key": "k",\n  "title": "b"'],
    ['c', '"title": 7'],
  ] as const)
    change(vault, `${day}/${id}.json`, (text) => text.replace(`"title": "${id}"`, field));
  const again = await openTestVault(vault.root);
  await again.rebuild();
  const all = await found(again, { repair: true });
  expect(all).toContain('warning unique-key data/conversations');
  expect(all).toContain(`warning schema ${day}/c.json`);
  expect(readFileSync(join(vault.root, day, 'c.json'), 'utf8')).toContain('"title": 7');
});

test('a unique index that was made by hand is held to as well', async () => {
  const vault = await filledVault();
  await vault.collection('conversations').createIndex({ title: 1 }, { unique: true });
  expect(await found(vault)).toEqual([]);
  await vault.close();
  change(vault, `${day}/b.json`, (text) => text.replace('"title": "b"', '"title": "a"'));
  const again = await openTestVault(vault.root);
  await again.rebuild();
  const { findings } = await examine(again);
  expect(findings.filter(({ code }) => code === 'unique-key').map(({ message }) => message)).toEqual(['a and b both have {"title":"a"}.']); // prettier-ignore
});

test('changes that only the log holds are a note; a damaged entry before whole ones is an error', async () => {
  const owner = await filledVault();
  for (const id of ['x1', 'x2', 'x3']) await owner.collection('conversations').insertOne({ id, created_at });
  const root = join(tempFolder(), 'crashed');
  cpSync(owner.root, root, { recursive: true });
  for (const name of ['_owner.json', '_lock']) rmSync(join(root, name), { recursive: true });
  const reader = await openTestVault(root, { mode: 'reader' });
  const { compared, findings } = await examine(reader);
  // The copy is less private than the vault was.
  expect([compared, findings.filter(({ severity, code }) => severity !== 'note' && code !== 'permissions')]).toEqual([
    false,
    [],
  ]);
  expect(await found(reader)).toContain('note log-late _wal');
  const name = readdirSync(join(root, '_wal')).find((one) => one.endsWith('.log')) ?? '';
  const bytes = readFileSync(join(root, '_wal', name));
  bytes.write('#', bytes.indexOf('"x2"') + 1);
  writeFileSync(join(root, '_wal', name), bytes);
  expect(await found(reader)).toContain(`error log-damaged _wal/${name}`);
});

test('old trash and forgotten preparations are noted; a repair empties the trash only', async () => {
  const vault = await filledVault();
  await vault.collection('conversations').deleteOne({ id: 'a' }, { trashBatch: 'old' });
  writeFileSync(join(vault.root, '_staging/gone.ndjson'), '');
  const later = { now: () => Date.now() + 31 * 86_400_000 };
  expect(await found(vault, { clock: later })).toEqual([
    'note staging-left _staging/gone.ndjson',
    'note trash-old _trash/old',
  ]);
  await found(vault, { clock: later, repair: true });
  expect(existsSync(join(vault.root, '_trash/old'))).toBe(false);
});

test('a disk that is nearly full is told', () => {
  const surroundings = { fs: nodeFs, root: tempFolder(), clock: systemClock };
  expect(checkSpace(surroundings, 20_000_000)).toMatchObject([
    { code: 'space-low', message: 'The vault’s disk has 20 MB left.' },
  ]);
  expect(checkSpace(surroundings, 2_000_000_000)).toEqual([]);
});

test('a reader’s doctor changes nothing on disk and cannot repair', async () => {
  const owner = await filledVault();
  writeFileSync(join(owner.root, day, 'b.json'), '{');
  await owner.close();
  const before = readdirSync(owner.root, { recursive: true }).map(String).sort();
  const reader = await openTestVault(owner.root, { mode: 'reader' });
  expect(await found(reader)).toContain(`error file-damaged ${day}/b.json`);
  expect(readdirSync(owner.root, { recursive: true }).map(String).sort()).toEqual(before);
  await expect(examine(reader, { repair: true })).rejects.toMatchObject({ code: 'VAULT_READ_ONLY' });
});

test('beside a process that writes, a reader’s doctor compares no index and raises no false alarm', async () => {
  const owner = await filledVault();
  const reader = await openTestVault(owner.root, { mode: 'reader' });
  await owner.collection('conversations').insertOne({ id: 'new', created_at });
  await owner.collection('conversations').deleteOne({ id: 'a' });
  const report = await examine(reader);
  expect(report).toMatchObject({ compared: false, open: 0 });
});

test('writes while the doctor looks raise no false alarm', async () => {
  const vault = await filledVault();
  const collection = vault.collection('conversations');
  await collection.insertMany(Array.from({ length: 1_500 }, (_, n) => ({ id: `n${n}`, created_at })));
  let isOver = false;
  const examining = examine(vault).finally(() => (isOver = true));
  // Files that are looked at late change before they are, and new ones come.
  for (let n = 0; !isOver; n += 1) {
    await collection.updateMany({ id: { $gt: 'n9' } }, { $set: { title: `title ${n}` } });
    await collection.deleteOne({ id: `n8${n}` });
    await collection.insertOne({ id: `z${n}`, created_at });
    await vault.collection('messages').updateOne({ id: 'm1' }, { $set: { content: `${n}` } });
    await vault.settleFiles();
  }
  expect((await examining).findings.filter(({ code }) => code !== 'space-low')).toEqual([]);
});

test('findings are told as they are made, the loop is given back, and a signal ends it', async () => {
  const vault = await filledVault();
  writeFileSync(join(vault.root, 'a.txt'), '');
  const controller = new AbortController();
  const heard: string[] = [];
  const running = examine(vault, {
    signal: controller.signal,
    onFinding: ({ code }) => {
      heard.push(code);
      controller.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  expect(heard).toContain('not-ours');
});

test.each([
  ['its beginning', () => '{"version":'],
  ['its end missing', (text: string) => text.slice(0, -20)],
  ['a line damaged', (text: string) => text.replace('"path":', '"path";')],
  ['something after its end', (text: string) => `${text}{}`],
  ['other JSON', () => '[1, 2]'],
] as const)('a saved index with %s is told and written anew', async (_, broken) => {
  const vault = await filledVault();
  // Read all anew, so that there is a saved index however few records there are.
  await vault.rebuild();
  expect(await found(vault)).toEqual([]);
  change(vault, 'data/conversations/_index.json', broken);
  expect(await found(vault)).toEqual(['warning index-damaged data/conversations/_index.json']);
  expect(await found(vault, { repair: true })).toEqual(['repaired index-damaged data/conversations/_index.json']);
  expect(await found(vault)).toEqual([]);
});

test('a saved index in another layout, and one of nothing, are fine', async () => {
  const vault = await filledVault();
  await vault.rebuild();
  change(vault, 'data/conversations/_index.json', (text) => JSON.stringify(JSON.parse(text), null, 2));
  await vault.collection('messages').deleteMany();
  await vault.rebuild();
  expect(await found(vault)).toEqual([]);
});
