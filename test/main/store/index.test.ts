import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { must } from '../../../shared/assert.ts';
import { createStaging } from '../../../main/store/staging.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { countingFs } from './counting-fs.ts';
import { openTestVault } from './open-test-vault.ts';

const at = (day: number): string => `2026-01-0${day}T12:00:00.000Z`;
const FOLDER = 'data/conversations';

/** A closed vault with three conversations on two days and three messages. */
async function filled(): Promise<string> {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'Ant', created_at: at(1), lookup_key: 'slack:U123:C456' },
    {
      id: 'b',
      title: 'Bee',
      created_at: at(1),
      source: { app: 'chatgpt', format_version: '1', source_id: 's', sha256: 'x', import_id: 'i' },
    },
    { id: 'c', title: 'Cat', created_at: at(2), tags: ['t'] },
  ]);
  await vault.collection('messages').insertMany(
    [1, 1, 2].map((day, number) => ({
      id: `m${number}`,
      conversation_id: 'a',
      role: 'user' as const,
      content: `t${number}`,
      created_at: at(day),
    })),
  );
  await vault.close();
  return vault.root;
}

const projection = { title: 1, tags: 1, lookup_key: 1, 'source.import_id': 1 } as const;
async function rows(vault: Vault): Promise<unknown> {
  return {
    conversations: await vault.collection('conversations').find({}, { sort: { id: 1 }, projection }),
    messages: await vault.collection('messages').find({}, { sort: { id: 1 }, projection: { content: 1 } }),
  };
}
const expected = {
  conversations: [
    { id: 'a', title: 'Ant', tags: [], lookup_key: 'slack:U123:C456' },
    { id: 'b', title: 'Bee', tags: [], source: { import_id: 'i' } },
    { id: 'c', title: 'Cat', tags: ['t'] },
  ],
  messages: [
    { id: 'm0', content: 't0' },
    { id: 'm1', content: 't1' },
    { id: 'm2', content: 't2' },
  ],
};
function crash(root: string): void {
  rmSync(join(root, '_clean.json'), { force: true });
}

test('the saved index has the format of seed 001', async () => {
  const root = await filled();
  const index = JSON.parse(readFileSync(join(root, FOLDER, '_index.json'), 'utf8')) as Record<string, unknown>;
  expect(index).toMatchObject({
    version: 1,
    updated_at: expect.stringMatching(/Z$/) as string,
    items: {
      a: {
        path: '2026/01/01/a.json',
        created_at: at(1),
        updated_at: at(1),
        title: 'Ant',
        lookup_key: 'slack:U123:C456',
      },
    },
  });
  const log = JSON.parse(readFileSync(join(root, 'data/messages/_index.json'), 'utf8')) as Record<string, unknown>;
  expect(log).toMatchObject({
    version: 1,
    items: { '2026/01/01/a': { path: '2026/01/01/a.ndjson', created_at: at(1), updated_at: at(1), stream: 'a' } },
  });
});

test('a clean open reads no record', async () => {
  const root = await filled();
  const disk = countingFs();
  const vault = await openTestVault(root, { fs: disk.fs });
  expect(await rows(vault).then(() => vault.counts())).toMatchObject({ conversations: 3, messages: 3 });
  expect(disk.readFiles().filter((path) => /\/2026\//.test(path))).toEqual([
    expect.stringContaining('.ndjson'),
    expect.stringContaining('.ndjson'),
  ]);
});

for (const [what, break_] of [
  ['missing', (path: string) => rmSync(path)],
  ['empty', (path: string) => writeFileSync(path, '')],
  ['torn', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').slice(0, 300))],
  [
    'of another version',
    (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":9')),
  ],
  ['not an index', (path: string) => writeFileSync(path, '[1, 2]')],
  ['without items', (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace('"items"', '"things"'))],
  ['a folder', (path: string) => (rmSync(path), mkdirSync(path))],
] as const) {
  test(`an index that is ${what} is rebuilt from the files`, async () => {
    for (const collection of ['conversations', 'messages']) {
      const root = await filled();
      break_(join(root, 'data', collection, '_index.json'));
      const vault = await openTestVault(root);
      expect(await rows(vault)).toEqual(expected);
    }
  });
}

test('an index from before the last writes is brought up to date, folder by folder', async () => {
  const root = await filled();
  const old = join(tempFolder(), 'old');
  cpSync(join(root, 'data'), old, { recursive: true, preserveTimestamps: true });
  const vault = await openTestVault(root);
  await vault.collection('conversations').updateOne({ id: 'c' }, { $set: { title: 'Cow' } });
  await vault.collection('conversations').insertOne({ id: 'd', title: 'Dog', created_at: at(3) });
  await vault.collection('conversations').deleteOne({ id: 'a' });
  await vault.collection('messages').updateOne({ id: 'm0' }, { $set: { content: 'new' } });
  await vault
    .collection('messages')
    .insertOne({ id: 'm3', conversation_id: 'a', role: 'user', content: 't3', created_at: at(2) });
  const now = await rows(vault);
  await vault.close();
  for (const name of ['conversations', 'messages'])
    cpSync(join(old, name, '_index.json'), join(root, 'data', name, '_index.json'));
  crash(root);
  const again = await openTestVault(root);
  expect(await rows(again)).toEqual(now);
});

test('files added, removed and moved while the vault was closed are seen', async () => {
  const root = await filled();
  const day = join(root, FOLDER, '2026/01/01');
  writeFileSync(join(day, 'hand.json'), '{"title": "By hand"}');
  rmSync(join(day, 'a.json'));
  mkdirSync(join(root, FOLDER, '2025/12/24'), { recursive: true });
  renameSync(join(day, 'b.json'), join(root, FOLDER, '2025/12/24/renamed.json'));
  const vault = await openTestVault(root);
  const found = await vault.collection('conversations').find({}, { sort: { id: 1 } });
  expect(found.map(({ id, title }) => [id, title])).toEqual([
    ['b', 'Bee'],
    ['c', 'Cat'],
    ['hand', 'By hand'],
  ]);
  // The moved one is back where its date says, and the adopted one is a whole record now.
  expect(existsSync(join(day, 'b.json'))).toBe(true);
  expect(JSON.parse(readFileSync(join(day, 'hand.json'), 'utf8'))).toMatchObject({
    id: 'hand',
    created_at: '2026-01-01T00:00:00.000Z',
    _meta: { gen: 1, by: { external: true } },
  });
  expect(vault.quarantine()).toEqual([]);
});

test('a document of another program with its own id and dates is adopted under its own path', async () => {
  const root = await filled();
  const day = join(root, FOLDER, '2026/01/01');
  const chat = {
    id: 'abc12345',
    title: 'Chat Title',
    created_at: '2026-02-21T09:00:00Z',
    updated_at: '2026-02-21T10:30:00Z',
    messages: [{ role: 'user' }],
    streaming_status: null,
    provider: 'auggie',
  };
  writeFileSync(join(day, 'some export.json'), JSON.stringify(chat));
  const vault = await openTestVault(root);
  expect(await vault.collection('conversations').findOne({ id: 'abc12345' })).toMatchObject(chat);
  expect(existsSync(join(root, FOLDER, '2026/02/21/abc12345.json'))).toBe(true);
  expect(existsSync(join(day, 'some export.json'))).toBe(false);
  expect(existsSync(join(root, '_trash/adopted/conversations/2026/01/01/some export.json'))).toBe(true);
});

for (const [what, name, text, reason] of [
  ['is not JSON', 'x.json', '{"title": ', /not JSON/],
  ['is empty', 'x.json', '', /empty/],
  ['holds no object', 'x.json', '"text"', /not a JSON object/],
  ['does not fit the schema', 'x.json', '{"title": 5}', /title/],
  ['has a name that programs treat specially', 'x.json', '{"__proto__": {"a": 1}}', /__proto__/],
  ['has the id of another', 'x.json', '{"id": "a", "title": "thief"}', /same id/],
  ['has the unique key of another', 'x.json', '{"lookup_key": "slack:U123:C456"}', /lookup_key/],
] as const) {
  test(`a file that ${what} is set aside with its reason, and everything else opens`, async () => {
    const root = await filled();
    writeFileSync(join(root, FOLDER, '2026/01/02', name), text);
    const vault = await openTestVault(root);
    expect(await rows(vault)).toEqual(expected);
    expect(vault.quarantine()).toMatchObject([
      { origin: `${FOLDER}/2026/01/02/${name}`, reason: expect.stringMatching(reason) as string },
    ]);
    expect(readFileSync(join(root, '_quarantine', `${vault.quarantine()[0]?.id}.bin`), 'utf8')).toBe(text);
    expect(existsSync(join(root, FOLDER, '2026/01/02', name))).toBe(false);
    await vault.close();
    const again = await openTestVault(root);
    expect(again.quarantine()).toHaveLength(1);
  });
}

test('a copy of a record’s file is set aside, and the record stays as it is', async () => {
  const root = await filled();
  const original = join(root, FOLDER, '2026/01/01/a.json');
  const text = readFileSync(original, 'utf8');
  const copy = text.replace('Ant', 'Copy');
  // Seen before and after the original.
  mkdirSync(join(root, FOLDER, '2025/01/01'), { recursive: true });
  writeFileSync(join(root, FOLDER, '2025/01/01/a.json'), copy);
  writeFileSync(join(root, FOLDER, '2026/01/02/a copy.json'), copy);
  const vault = await openTestVault(root);
  expect(await rows(vault)).toEqual(expected);
  expect(readFileSync(original, 'utf8')).toBe(text);
  expect(vault.quarantine().map(({ origin, reason }) => [origin, reason])).toEqual([
    [`${FOLDER}/2025/01/01/a.json`, 'a second file for the same id'],
    [`${FOLDER}/2026/01/02/a copy.json`, 'a second file for the same id'],
  ]);
});

test('a file that is damaged while the vault is open is passed over, then set aside', async () => {
  const root = await filled();
  const vault = await openTestVault(root);
  writeFileSync(join(root, FOLDER, '2026/01/01/a.json'), 'garbage');
  expect((await vault.collection('conversations').find()).map(({ id }) => id).sort()).toEqual(['b', 'c']);
  await vault.collection('conversations').insertOne({ id: 'next' }); // after which the look at the damage is done
  expect(vault.quarantine()).toMatchObject([{ origin: `${FOLDER}/2026/01/01/a.json`, reason: 'not JSON' }]);
  expect(await vault.counts()).toMatchObject({ conversations: 3 });
});

test('what a crash left of an unfinished write is swept, other programs’ files are not', async () => {
  const root = await filled();
  const day = join(root, FOLDER, '2026/01/01');
  for (const path of [join(day, 'a.json.123456'), join(root, '_store.json.99'), join(root, FOLDER, '_index.json.7')])
    writeFileSync(path, 'half');
  writeFileSync(join(day, 'notes.txt'), 'mine');
  writeFileSync(join(day, '.DS_Store'), '');
  const vault = await openTestVault(root);
  expect(readdirSync(day).sort()).toEqual(['.DS_Store', 'a.json', 'b.json', 'notes.txt']);
  expect(readdirSync(root).filter((name) => name.startsWith('_store'))).toEqual(['_store.json']);
  expect(readdirSync(join(root, FOLDER)).sort()).toEqual(['2026', '_index.json']);
  expect(vault.quarantine()).toEqual([]);
});

test('rebuild gives the same rows and says what it read', async () => {
  const vault = await openTestVault(await filled());
  expect(await vault.rebuild()).toMatchObject({
    records: { conversations: 3, messages: 3, memories: 0, memory_events: 0, imports: 0 },
    quarantined: 0,
  });
  expect(await rows(vault)).toEqual(expected);
  expect(await vault.collection('conversations').findOne({ lookup_key: 'slack:U123:C456' })).toMatchObject({ id: 'a' });
});

test('an edit in the very instant of the save is seen after a crash', async () => {
  const root = await filled();
  const day = join(root, FOLDER, '2026/01/01');
  writeFileSync(join(day, 'a.json'), readFileSync(join(day, 'a.json'), 'utf8').replace('Ant', 'Ape'));
  // Written in place, so the folder’s own time is what it was.
  crash(root);
  const vault = await openTestVault(root);
  expect(await vault.collection('conversations').find({ id: 'a' }, { projection: { title: 1 } })).toEqual([
    { id: 'a', title: 'Ape' },
  ]);
});

test('after a crash an append is found by its size, in a folder that looks untouched for years', async () => {
  const root = await filled();
  const first = await openTestVault(root);
  await first.collection('messages').updateOne({ id: 'm0' }, { $set: { content: 'edited' } });
  for (const day of ['2026/01/01', '2026/01/02'])
    utimesSync(join(root, 'data/messages', day), 1_577_836_800, 1_577_836_800);
  await first.close();
  const index = readFileSync(join(root, 'data/messages/_index.json'));
  const second = await openTestVault(root);
  await second.collection('messages').updateOne({ id: 'm1' }, { $set: { content: 'later' } });
  await second.close();
  writeFileSync(join(root, 'data/messages/_index.json'), index);
  crash(root);
  const disk = countingFs();
  const vault = await openTestVault(root, { fs: disk.fs });
  // Only that file was read.
  expect(disk.readFiles().filter((path) => path.endsWith('.ndjson'))).toEqual([
    join(root, 'data/messages/2026/01/01/a.ndjson'),
  ]);
  expect(await vault.collection('messages').findOne({ id: 'm1' })).toMatchObject({ content: 'later' });
});

test('a damaged list of own indexes is set aside, and the vault opens without them', async () => {
  const root = await filled();
  writeFileSync(join(root, '_indexes.json'), '{"conversations": "all"}');
  const vault = await openTestVault(root);
  expect(await rows(vault)).toEqual(expected);
  expect(vault.quarantine()).toMatchObject([{ origin: '_indexes.json' }]);
});

test('logical time goes on after a reopen, even when the machine’s clock has gone back', async () => {
  const root = await filled();
  const record = async (vault: Vault) => vault.collection('conversations').findOne({ id: 'a' });
  const first = await openTestVault(root);
  const before = await record(first);
  await first.close();
  const again = await openTestVault(root, { clock: { now: () => Date.parse('2020-01-01T00:00:00.000Z') } });
  await again.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'later' } });
  const after = await record(again);
  expect(must(after, 'the record')._meta.hlc > must(before, 'the record')._meta.hlc).toBe(true);
});

test('an index of many pieces is written whole and read back without a record being read', async () => {
  const root = tempFolder();
  const vault = await openTestVault(root);
  const staging = createStaging(vault.stagingRoot, 'many');
  for (let at = 0; at < 12_000; at += 1) {
    const id = `${'long-id-'.repeat(5)}${at}`;
    const dates = { created_at: at % 3 === 0 ? '2026-01-01T12:00:00Z' : day(1), updated_at: day(1 + (at % 2)) };
    staging.write({
      op: 'put',
      collection: 'messages',
      record: { id, conversation_id: `talk-${at % 40}`, role: 'user', content: 'ü', ...dates },
    });
  }
  await vault.ingest(staging.finish(), { source: 'import' });
  const before = await vault.collection('messages').find({}, { sort: { id: 1 }, projection: datesOnly });
  await vault.close();
  const path = join(root, 'data/messages/_index.json');
  expect(readFileSync(path).length).toBeGreaterThan(2 * 512 * 1024);
  expect(Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { items: object }).items)).toHaveLength(40);
  const disk = countingFs();
  const again = await openTestVault(root, { fs: disk.fs });
  expect(await again.collection('messages').find({}, { sort: { id: 1 }, projection: datesOnly })).toEqual(before);
  expect(disk.readFiles().filter((read) => read.endsWith('.ndjson'))).toEqual([]);
  expect(await again.collection('messages').count({ conversation_id: 'talk-7' })).toBe(300);
});

const day = at;
const datesOnly = { conversation_id: 1, created_at: 1, updated_at: 1 } as const;

test('a line that a person put into another conversation’s file stays in its own conversation, after a reopen too', async () => {
  const root = await filled();
  const file = join(root, 'data/messages/2026/01/02/a.ndjson');
  const stray = { id: 'stray', conversation_id: 'b', role: 'user', content: 'hi', created_at: at(2) };
  writeFileSync(file, `${JSON.stringify(stray)}\n${readFileSync(file, 'utf8')}`);
  crash(root);
  for (let round = 0; round < 3; round += 1) {
    const vault = await openTestVault(root);
    const found = await vault.collection('messages').find({ conversation_id: 'b' }, { projection: { id: 1 } });
    expect(found).toEqual([{ id: 'stray' }]);
    expect(await vault.collection('messages').count({ conversation_id: 'a' })).toBe(3);
    await vault.close();
  }
});
