import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workerFiles } from '../../../../main/app/worker-files.ts';
import { silentLog } from '../../../../main/lib/log.ts';
import { systemClock } from '../../../../main/lib/clock.ts';
import { createSearch } from '../../../../main/search/search.ts';
import { runDoctor } from '../../../../main/store/doctor/doctor.ts';
import type { FsPort } from '../../../../main/store/fs-port.ts';
import { nodeFs } from '../../../../main/store/node-fs.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { SimDisk } from '../../../helpers/sim-disk.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openOnSimDisk } from '../../../helpers/vault-on-sim-disk.ts';
import { countingFs } from '../counting-fs.ts';
import { openTestVault } from '../open-test-vault.ts';

const created_at = '2026-01-01T12:00:00.000Z';
const FILE = 'data/messages/2026/01/01/talk.ndjson';
const ANY_SIZE = { largerThan: 0 };

const message = (id: string, content: string) => ({
  id,
  conversation_id: 'talk',
  role: 'user' as const,
  content,
  created_at,
});

const sizeOf = (vault: Vault, path = FILE): number => statSync(join(vault.root, path)).size;

function lineIds(vault: Vault): string[] {
  const text = readFileSync(join(vault.root, FILE), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
}

async function recordsOf(vault: Vault): Promise<unknown[]> {
  return (await vault.collection('messages').find()).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Four messages, the first three of them edited several times, the fourth deleted. */
async function editedVault(options: Parameters<typeof openTestVault>[1] = {}): Promise<Vault> {
  const vault = await openTestVault(tempFolder(), options);
  const messages = vault.collection('messages');
  await messages.insertMany(['m1', 'm2', 'm3', 'm4'].map((id) => message(id, 'first')));
  for (let edit = 1; edit <= 5; edit += 1) {
    await messages.updateMany({ id: { $in: ['m1', 'm2', 'm3'] } }, { $set: { content: `edit ${edit}` } });
    await vault.settleFiles();
  }
  await messages.deleteOne({ id: 'm4' });
  await messages.updateOne({ id: 'm2' }, { $set: { content: 'the last word' } });
  await vault.settleFiles();
  return vault;
}

test('superseded lines and tombstones go, records stay, also for who opens the vault next', async () => {
  const vault = await editedVault();
  const [before, size] = [await recordsOf(vault), sizeOf(vault)];
  expect(await vault.compact(ANY_SIZE)).toEqual([{ collection: 'messages', files: 1, bytes: size - sizeOf(vault) }]);
  expect(lineIds(vault)).toEqual(['m1', 'm3', 'm2']);
  expect(readdirSync(join(vault.root, 'data/messages/2026/01/01'))).toEqual(['talk.ndjson']);
  expect(await recordsOf(vault)).toEqual(before);
  expect(await vault.compact(ANY_SIZE)).toEqual([]);
  await vault.close();
  const again = await openTestVault(vault.root);
  expect(await recordsOf(again)).toEqual(before);
  await again.rebuild();
  expect(await recordsOf(again)).toEqual(before);
});

test('a tombstone with the newest stamp stays, and what it hides stays hidden', async () => {
  const vault = await editedVault();
  await vault.collection('messages').deleteOne({ id: 'm1' });
  await vault.settleFiles();
  await vault.compact(ANY_SIZE);
  expect(lineIds(vault)).toEqual(['m3', 'm2', 'm1']);
  await vault.rebuild();
  expect((await recordsOf(vault)).length).toBe(2);
});

test('who dies afterwards does not leave a vault that says it was closed', async () => {
  const vault = await editedVault();
  await vault.close();
  const again = await openTestVault(vault.root);
  expect(existsSync(join(vault.root, '_clean.json'))).toBe(true);
  await again.compact(ANY_SIZE);
  expect(existsSync(join(vault.root, '_clean.json'))).toBe(false);
});

test('small files, and files of which most is needed, are left alone', async () => {
  const vault = await editedVault();
  const size = sizeOf(vault);
  expect(await vault.compact()).toEqual([]);
  await vault.collection('messages').insertOne(message('large', 'x'.repeat(100_000)));
  await vault.settleFiles();
  expect(await vault.compact()).toEqual([]);
  expect(sizeOf(vault)).toBeGreaterThan(size);
  await vault.collection('messages').updateOne({ id: 'large' }, { $set: { content: 'short' } });
  await vault.settleFiles();
  expect(await vault.compact()).toHaveLength(1);
});

test('every log says what becomes of its history, and one that keeps it is not touched', async () => {
  for (const { kind, history } of Object.values(registry)) expect(history !== undefined).toBe(kind === 'log');
  const vault = await openTestVault(tempFolder());
  const events = vault.collection('memory_events');
  const hash = 'a'.repeat(64);
  await events.insertOne({
    id: 'e1',
    replica: 'r',
    event_sequence: 1,
    event_type: 'MEMORY_ADDED',
    created_at,
    subject_id: 'USER:a',
    tenant_id: 'TENANT:a',
    invoker_subject_id: 'USER:a',
    entity_key: 'memories/m',
    operation: { action: 'add' },
    result: { success: true, duration_ms: 0, affected_documents: 1, error: null },
    body_hash: hash,
    prev_hash: hash,
    hash,
  });
  for (const why of ['a', 'b', 'c', 'd']) {
    await events.updateOne({ id: 'e1' }, { $set: { why } });
    await vault.settleFiles();
  }
  const path = 'data/memory_events/2026/01/01/r.ndjson';
  const before = readFileSync(join(vault.root, path));
  expect(await vault.compact(ANY_SIZE)).toEqual([]);
  expect(readFileSync(join(vault.root, path))).toEqual(before);
});

test('an append afterwards writes its own line and reads nothing', async () => {
  const disk = countingFs();
  const vault = await editedVault({ fs: disk.fs });
  await vault.compact(ANY_SIZE);
  const former = readFileSync(join(vault.root, FILE));
  const readBefore = disk.readFiles().length;
  await vault.collection('messages').insertOne(message('m9', 'new'));
  await vault.settleFiles();
  expect(
    disk
      .readFiles()
      .slice(readBefore)
      .filter((path) => path.endsWith('.ndjson')),
  ).toEqual([]);
  expect(readFileSync(join(vault.root, FILE)).subarray(0, former.length)).toEqual(former);
  expect(lineIds(vault)).toEqual(['m1', 'm3', 'm2', 'm9']);
});

test('who was reading when a file was compacted misses nothing', async () => {
  const vault = await editedVault();
  const expected = (await recordsOf(vault)) as { id: string }[];
  const reader = await openTestVault(vault.root, { mode: 'reader' });
  const streamed: { id: string }[] = [];
  for await (const record of vault.collection('messages').stream()) {
    if (streamed.length === 0) expect(await vault.compact(ANY_SIZE)).toHaveLength(1);
    streamed.push(record);
  }
  expect(streamed.sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(expected);
  expect(await recordsOf(reader)).toEqual(expected);
  expect(await recordsOf(reader)).toEqual(expected);
});

test('doctor finds nothing, search finds what there is, the watcher finds no edit', async () => {
  const vault = await editedVault();
  const workerUrl = workerFiles.search;
  const search = createSearch({ vault, workerUrl, clock: systemClock, log: silentLog, engine: 'best' });
  const edits = await vault.watchFiles();
  const [notices, sources]: [unknown[], string[]] = [[], []];
  edits?.onNotice((notice) => notices.push(notice));
  vault.watch(({ source }) => sources.push(source));
  try {
    await search.settled();
    await vault.compact(ANY_SIZE);
    await edits?.rescan('');
    await search.settled();
    expect((await search.query('last word', { limit: 5 })).hits.map(({ id }) => id)).toEqual(['m2']);
    expect((await search.query('edit', { limit: 5 })).hits.map(({ id }) => id).sort()).toEqual(['m1', 'm3']);
    expect(search.coverage()).toMatchObject({ indexed: 3, total: 3 });
    expect({ notices, sources }).toEqual({ notices: [], sources: [] });
  } finally {
    await search.close();
  }
  const { findings } = await runDoctor({ vault, repair: false, clock: systemClock });
  expect(findings).toEqual([]);
});

test('a file that another program has just changed is left to the watcher', async () => {
  const vault = await editedVault();
  const path = join(vault.root, FILE);
  const edited = readFileSync(path, 'utf8').replace('the last word', 'THE LAST WORD');
  writeFileSync(path, edited);
  expect(await vault.compact(ANY_SIZE)).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe(edited);
});

test('one that another program changes while the new file is written keeps that change', async () => {
  let onCompaction = (): void => undefined;
  const fs: FsPort = {
    ...nodeFs,
    openAppend: (path) => {
      if (path.endsWith('talk.ndjson.1.0')) onCompaction();
      return nodeFs.openAppend(path);
    },
  };
  const vault = await editedVault({ fs });
  const path = join(vault.root, FILE);
  const edited = readFileSync(path, 'utf8').replace('the last word', 'THE LAST WORD!');
  onCompaction = () => writeFileSync(path, edited);
  expect(await vault.compact(ANY_SIZE)).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe(edited);
  expect(readdirSync(join(vault.root, 'data/messages/2026/01/01'))).toEqual(['talk.ndjson']);
});

const step = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  stream: fc.constantFrom('s', 't'),
  act: fc.constantFrom('put', 'put', 'put', 'delete', 'compact', 'settle', 'reopen'),
  text: fc.string({ maxLength: 40 }),
  odd: fc.boolean(),
});

test('whatever was written, edited, deleted and compacted, the records are the same after opening again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const disk = new SimDisk();
      let vault = await openOnSimDisk(disk, true);
      const model = new Map<string, string>();
      const check = async (): Promise<void> => {
        const found = (await vault.collection('messages').find()).map(({ id, content }) => [id, content] as const);
        expect(new Map(found as [string, string][])).toEqual(model);
      };
      for (const { id: name, stream, act, text, odd } of steps) {
        const id = `${stream}-${name}`;
        const messages = vault.collection('messages');
        // A time in another spelling, as another program writes it, is kept in rows of their own.
        const at = odd ? '2026-01-01T12:00:00Z' : created_at;
        // Under way while the next acts are done: they wait for it, or it for them.
        const compaction = act === 'compact' && odd ? vault.compact(ANY_SIZE) : undefined;
        if (act === 'put' || compaction) {
          const setOnInsert = { ...message(id, text), conversation_id: stream, created_at: at };
          const { content, id: _id, ...rest } = setOnInsert;
          await messages.updateOne({ id }, { $set: { content }, $setOnInsert: rest }, { upsert: true });
          await compaction;
          model.set(id, text);
        } else if (act === 'delete') {
          await messages.deleteOne({ id });
          model.delete(id);
        } else if (act === 'compact') await vault.compact(ANY_SIZE);
        else if (act === 'settle') await vault.settleFiles();
        else {
          await vault.close();
          vault = await openOnSimDisk(disk);
        }
        if (act === 'compact' || act === 'reopen') await check();
      }
      await vault.compact(ANY_SIZE);
      await check();
      await vault.rebuild();
      await check();
      await vault.close();
    }),
    { numRuns: 100 },
  );
}, 600_000);
