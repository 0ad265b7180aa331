import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../main/lib/clock.ts';
import { runDoctor } from '../../../main/store/doctor/doctor.ts';
import { createQuarantineWork } from '../../../main/store/quarantine-work.ts';
import type { Vault } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { noLock, unreadableFs } from './faulty-fs.ts';
import { newState, pushAll } from './ledger/ledger-bench.ts';
import { openTestVault } from './open-test-vault.ts';

const day1 = '2026-01-01T12:00:00.000Z';
const day2 = '2026-01-02T12:00:00.000Z';
const document = 'data/conversations/2026/01/01/a.json';
const log = 'data/messages/2026/01/01/a.ndjson';

const message = (id: string, conversation_id: string, created_at: string) => ({
  id,
  conversation_id,
  role: 'user' as const,
  content: id,
  created_at,
});

/** Conversations a and b of one day and c of another; messages of a and b. Closed. */
async function filled(): Promise<string> {
  const vault = await openTestVault(tempFolder());
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'A', created_at: day1 },
    { id: 'b', title: 'B', created_at: day1 },
    { id: 'c', title: 'C', created_at: day2 },
  ]);
  await vault
    .collection('messages')
    .insertMany([
      message('m1', 'a', day1),
      message('m2', 'a', day1),
      message('m3', 'a', day2),
      message('n1', 'b', day1),
    ]);
  await vault.close();
  return vault.root;
}

/** The day's folder has changed since the index was saved, so that its files are read. */
function touchDays(root: string): void {
  for (const folder of ['data/conversations/2026/01/01', 'data/messages/2026/01/01']) {
    writeFileSync(join(root, folder, 'x.tmp'), '');
    rmSync(join(root, folder, 'x.tmp'));
  }
}

function dropIndexes(root: string): void {
  for (const name of readdirSync(join(root, 'data'))) {
    for (const file of readdirSync(join(root, 'data', name))) {
      if (file.startsWith('_index')) rmSync(join(root, 'data', name, file));
    }
  }
}

const titles = async (vault: Vault) =>
  (await vault.collection('conversations').find({}, { sort: { id: 1 }, projection: { title: 1, _id: 0 } })).map(
    ({ title }) => title,
  );

const refused = (path: string) =>
  expect.objectContaining({ code: 'DISK_ERROR', message: expect.stringContaining(path) as unknown }) as unknown;

for (const code of ['EIO', 'EACCES', 'EPERM']) {
  for (const isIndexed of [true, false]) {
    test(`a vault with a document and a log that give ${code} opens, ${isIndexed ? 'with' : 'without'} a saved index, and leaves both as they are`, async () => {
      const root = await filled();
      if (isIndexed) touchDays(root);
      else dropIndexes(root);
      const bytes = [document, log].map((path) => readFileSync(join(root, path)));
      const { fs, files } = unreadableFs();
      files.set(document, code);
      files.set(log, code);
      const vault = await openTestVault(root, { fs });
      const conversations = vault.collection('conversations');
      const messages = vault.collection('messages');

      expect(vault.quarantine().map(({ origin, reason }) => `${origin} ${reason}`)).toEqual([
        `${document} could not be read (${code}), left where it is`,
        `${log} could not be read (${code}), left where it is`,
      ]);
      expect(await conversations.count()).toBe(isIndexed ? 3 : 2);
      expect(await messages.count()).toBe(isIndexed ? 4 : 2);
      expect((await messages.find({ conversation_id: 'b' })).map(({ id }) => id)).toEqual(['n1']);
      if (isIndexed) {
        await expect(conversations.findOne({ id: 'a' })).rejects.toEqual(refused(document));
        await expect(messages.find({ conversation_id: 'a' })).rejects.toEqual(refused(log));
        await expect(conversations.updateOne({ id: 'a' }, { $set: { title: 'new' } })).rejects.toEqual(
          refused(document),
        );
        await expect(conversations.deleteOne({ id: 'a' })).rejects.toEqual(refused(document));
      } else {
        await expect(conversations.insertOne({ id: 'a', created_at: day1 })).rejects.toEqual(refused(document));
      }
      await expect(messages.insertOne(message('m9', 'a', day1))).rejects.toEqual(refused(log));

      await conversations.updateOne({ id: 'b' }, { $set: { title: 'new' } });
      await messages.insertOne(message('m4', 'a', day2));
      await vault.settleFiles();
      expect(vault.health()).toEqual({ state: 'ok' });
      await vault.rebuild();
      expect(await conversations.count()).toBe(isIndexed ? 3 : 2);
      await vault.close();
      expect([document, log].map((path) => readFileSync(join(root, path)))).toEqual(bytes);

      // Looked at again by the next opening: still unreadable, then not.
      const again = await openTestVault(root, { fs });
      expect(again.quarantine()).toHaveLength(2);
      expect(await again.collection('messages').count()).toBe(isIndexed ? 5 : 3);
      await again.close();
      files.clear();
      const healed = await openTestVault(root, { fs });
      expect(healed.quarantine()).toEqual([]);
      expect(await titles(healed)).toEqual(['A', 'new', 'C']);
      expect((await healed.collection('messages').find({ conversation_id: 'a' })).map(({ id }) => id).sort()).toEqual([
        'm1',
        'm2',
        'm3',
        'm4',
      ]);
      await healed.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'again' } });
      await healed.collection('messages').insertOne(message('m9', 'a', day1));
    });
  }
}

test('too many open files pass: the opening is refused, and nothing is said of the file', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EMFILE');
  await expect(openTestVault(root, { fs })).rejects.toMatchObject({ code: 'DISK_ERROR' });
});

test('a disk that fails once is asked again', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const once = new Proxy(fs, {
    get: (target, name: keyof typeof fs) =>
      name === 'readFile'
        ? (path: string) => {
            try {
              return target.readFile(path);
            } finally {
              if (path.endsWith(document)) files.clear();
            }
          }
        : target[name],
  });
  const vault = await openTestVault(root, { fs: once });
  expect(vault.quarantine()).toEqual([]);
  expect(await titles(vault)).toEqual(['A', 'B', 'C']);
});

test('a disk of which a fifth cannot be read is no vault with a few bad files', async () => {
  const vault = await openTestVault(tempFolder());
  const many = Array.from({ length: 60 }, (_, at) => ({ id: `c${at}`, created_at: day1 }));
  await vault.collection('conversations').insertMany(many);
  await vault.close();
  dropIndexes(vault.root);
  const { fs, files } = unreadableFs();
  files.set('/conversations/2026/', 'EACCES');
  await expect(openTestVault(vault.root, { fs })).rejects.toMatchObject({
    code: 'DISK_ERROR',
    message: expect.stringContaining('60 such files') as unknown,
  });
});

test('a file that the person has removed is no trouble any more', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const vault = await openTestVault(root, { fs });
  rmSync(join(root, document));
  files.clear();
  await vault.rebuild();
  expect(vault.quarantine()).toEqual([]);
  await vault.collection('conversations').insertOne({ id: 'a', title: 'new', created_at: day1 });
  await vault.settleFiles();
  expect(existsSync(join(root, document))).toBe(true);
});

test('what the log holds for files that cannot be read is not lost, and the vault opens', async () => {
  const root = await filled();
  const { fs, files } = unreadableFs();
  const dying = await openTestVault(root, { fs, acquireLock: noLock });
  await dying.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'logged' } });
  await dying.collection('messages').insertOne(message('m9', 'a', day1));
  // Its process ends here: nothing has reached the files.
  files.set(document, 'EIO');
  files.set(log, 'EIO');
  touchDays(root);
  const vault = await openTestVault(root, { fs, acquireLock: noLock });
  expect(await vault.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'logged' });
  expect(await vault.collection('messages').findOne({ id: 'm9' })).toMatchObject({ content: 'm9' });
  expect(vault.health()).toMatchObject({ state: 'files_behind', message: expect.stringContaining(log) as unknown });
  await vault.collection('conversations').insertOne({ id: 'd', title: 'D', created_at: day2 });
  files.clear();
  const healed = await openTestVault(root, { fs, acquireLock: noLock });
  expect(await healed.collection('conversations').findOne({ id: 'a' })).toMatchObject({ title: 'logged' });
  expect(await titles(healed)).toEqual(['logged', 'B', 'C', 'D']);
  expect((await healed.collection('messages').find({ conversation_id: 'a' })).length).toBe(4);
});

test('an import into such a file is refused before anything of it is done', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(log, 'EIO');
  const vault = await openTestVault(root, { fs });
  const { createStaging } = await import('../../../main/store/staging.ts');
  const staging = createStaging(vault.stagingRoot, 'batch', fs);
  staging.write({ op: 'put', collection: 'conversations', record: { id: 'd', created_at: day1 } });
  staging.write({ op: 'put', collection: 'messages', record: { ...message('m9', 'a', day1), updated_at: day1 } });
  await expect(vault.ingest(staging.finish(), { source: 'import' })).rejects.toEqual(refused(log));
  expect(await vault.collection('conversations').count({ id: 'd' })).toBe(0);
  await vault.collection('conversations').insertOne({ id: 'e', created_at: day1 });
});

test('the doctor and the list of what was set aside name the file; no repair touches it', async () => {
  const root = await filled();
  touchDays(root);
  const { fs, files } = unreadableFs();
  files.set(log, 'EACCES');
  const vault = await openTestVault(root, { fs });
  for (const repair of [false, true]) {
    const { findings } = await runDoctor({ vault, repair, clock: systemClock, fs });
    const about = findings.filter(({ path }) => path === log);
    expect(about).toMatchObject([{ code: 'file-unreadable', repaired: false }]);
  }
  const work = createQuarantineWork({ vault, clock: systemClock, fs });
  expect(work.list()).toMatchObject([{ origin: log, readable: false }]);
  const [{ id } = { id: '' }] = work.list();
  await expect(work.restore(id)).rejects.toEqual(refused(log));
  expect(() => work.discard(id)).toThrow('left where it is');
  expect(existsSync(join(root, log))).toBe(true);
});

test('what no file gives is not compared by the doctor, and all else is', async () => {
  const root = await filled();
  const first = await openTestVault(root);
  await first.collection('conversations').createIndex({ title: 1 }, { unique: true });
  await first.close();
  touchDays(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const vault = await openTestVault(root, { fs });
  const { findings } = await runDoctor({ vault, repair: false, clock: systemClock, fs });
  const told = findings.filter(({ code }) => code !== 'space-low').map(({ code, path }) => `${code} ${path}`);
  expect(told.sort()).toEqual([`file-unreadable ${document}`, 'not-checked data/conversations']);
});

test('a team’s database is told of no deletion, and what it has made of the record waits', async () => {
  const root = await filled();
  const first = await openTestVault(root);
  await first.ledger().commit({ steps: [], state: newState });
  await pushAll(first.ledger());
  const [state] = [...(await first.ledger().read('conversations', ['a'])).values()];
  expect(state?.base?.rev).toBe(state?.local?._meta.rev);
  await first.close();
  for (const isIndexed of [true, false]) {
    if (isIndexed) touchDays(root);
    else dropIndexes(root);
    const { fs, files } = unreadableFs();
    files.set(document, 'EIO');
    const vault = await openTestVault(root, { fs });
    const ledger = vault.ledger();
    await ledger.compare();
    const held = (await ledger.read('conversations', ['a', 'b'])).get('a');
    expect(held?.local).toBeNull();
    expect(held?.withheld).toBe(isIndexed ? true : undefined);
    expect(await ledger.dirty('conversations', 10)).toEqual([]);
    await vault.close();
    files.clear();
    const healed = await openTestVault(root, { fs });
    expect(await titles(healed)).toEqual(['A', 'B', 'C']);
    expect((await healed.ledger().read('conversations', ['a'])).get('a')?.local).toMatchObject({ title: 'A' });
    await healed.close();
  }
});

test('the vault’s own bookkeeping is not done without: then the opening is refused', async () => {
  const root = await filled();
  const first = await openTestVault(root);
  await first.ledger().commit({ steps: [], state: newState });
  await first.close();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set('data/sync_state/2', 'EIO');
  await expect(openTestVault(root, { fs })).rejects.toEqual(refused('data/sync_state'));
});

test('a file of another program with the same id is not written over it', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const bytes = readFileSync(join(root, document));
  writeFileSync(join(root, 'data/conversations/2026/01/01/z.json'), JSON.stringify({ id: 'a', title: 'Z' }));
  const vault = await openTestVault(root, { fs });
  expect(
    vault
      .quarantine()
      .map(({ origin }) => origin)
      .sort(),
  ).toEqual([document, 'data/conversations/2026/01/01/z.json']);
  expect(readFileSync(join(root, document))).toEqual(bytes);
});

test('a reader opens it too, and writes nothing', async () => {
  const root = await filled();
  touchDays(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const vault = await openTestVault(root, { fs, mode: 'reader' });
  expect(vault.quarantine()).toMatchObject([{ origin: document }]);
  expect(await titles(vault)).toEqual(['A', 'B', 'C']);
});

test('the watcher takes nothing of it for deleted, and takes it up once it can be read', async () => {
  const root = await filled();
  dropIndexes(root);
  const { fs, files } = unreadableFs();
  files.set(document, 'EIO');
  const vault = await openTestVault(root, { fs });
  const edits = await vault.watchFiles();
  await edits?.rescan('');
  expect(await titles(vault)).toEqual(['B', 'C']);
  expect(vault.quarantine()).toHaveLength(1);
  files.clear();
  edits?.hint({ collection: 'conversations', path: '2026/01/01/a.json' });
  await edits?.idle();
  expect(await titles(vault)).toEqual(['A', 'B', 'C']);
  expect(vault.quarantine()).toEqual([]);
});
