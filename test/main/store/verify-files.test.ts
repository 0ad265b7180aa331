import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault, VerifiedFiles } from '../../../main/store/types.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { must } from '../../../shared/assert.ts';
import { unreadableFs } from './faulty-fs.ts';
import { openTestVault } from './open-test-vault.ts';
import { quickDelays } from './watch/watched-vault.ts';

const at = '2026-01-01T12:00:00.000Z';
const document = 'data/conversations/2026/01/01/c7.json';
const log = 'data/messages/2026/01/01/c7.ndjson';
const DAYS = 30;

const message = (id: string, conversation_id: string) => ({
  id,
  conversation_id,
  role: 'user' as const,
  content: `what ${id} says`,
  created_at: at,
});

/** Forty conversations with a message each. */
async function filled(options: Parameters<typeof openTestVault>[1] = {}): Promise<Vault> {
  const vault = await openTestVault(tempFolder(), { tuning: { idleMs: 600_000 }, ...options });
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  await vault
    .collection('conversations')
    .insertMany(numbers.map((number) => ({ id: `c${number}`, title: `title ${number}`, created_at: at })));
  await vault.collection('messages').insertMany(numbers.map((number) => message(`m${number}`, `c${number}`)));
  await vault.settleFiles();
  return vault;
}

/** A month of days on which the vault is open. */
async function month(vault: Vault): Promise<VerifiedFiles[]> {
  const found: VerifiedFiles[] = [];
  for (let day = 0; day < DAYS; day += 1) found.push(await vault.verifyFiles());
  return found;
}

/** One bit less, and nobody is told: the file's time stays. */
function rot(vault: Vault, path: string): void {
  const file = join(vault.root, path);
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  const quote = bytes.indexOf('"id"');
  bytes[quote] = (bytes[quote] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  utimesSync(file, atime, mtime);
}

test('within a month every file is read once, a part of them each day, also across restarts', async () => {
  const vault = await filled();
  const first = [await vault.verifyFiles(), await vault.verifyFiles()];
  await vault.close();
  const again = await openTestVault(vault.root);
  const rest = (await month(again)).slice(0, DAYS - 2);
  const all = [...first, ...rest];
  expect(all.reduce((sum, { checked }) => sum + checked, 0)).toBe(80);
  expect(Math.max(...all.map(({ checked }) => checked))).toBeLessThan(20);
  expect(all.flatMap(({ differing, unreadable }) => [...differing, ...unreadable])).toEqual([]);
});

/** Settles when so many files of the watched vault have been looked at. */
async function watched(vault: Vault, files: number): Promise<{ readonly told: Promise<void> }> {
  // Without the system's events, which would tell of the test's own writing.
  const edits = must(await vault.watchFiles({ isPolling: true, delays: quickDelays }), 'the watcher');
  const paths = new Set<string>();
  return {
    told: new Promise((resolve) => {
      edits.onNotice(({ file }) => paths.add(file.path).size === files && resolve());
    }),
  };
}

for (const isWatched of [false, true]) {
  test(`what a disk has lost is set aside, nothing else${isWatched ? ', in a watched vault too' : ''}`, async () => {
    const vault = await filled();
    const seen = isWatched ? await watched(vault, 2) : undefined;
    rot(vault, document);
    rot(vault, log);
    const found = await month(vault);
    expect(found.flatMap(({ differing }) => differing).sort()).toEqual([document, log]);
    await seen?.told;
    // Its turn comes after what has been asked for before.
    await vault.collection('conversations').insertOne({ id: 'after' });
    await vault.settleFiles();
    expect(
      vault
        .quarantine()
        .map(({ origin }) => origin)
        .sort(),
    ).toEqual([document, log]);
    // The one that is damaged may be back, where the watcher has kept its last good version.
    expect(await vault.collection('conversations').count({ id: { $ne: 'c7' } })).toBe(40);
    expect(await vault.collection('messages').count({ id: { $ne: 'm7' } })).toBe(39);
    // The watcher leaves a file where it stands of which it has no good version.
    const again = (await month(vault)).flatMap(({ differing }) => differing);
    expect(again.filter((path) => !isWatched || path !== document)).toEqual([]);
  });
}

test('a file that the disk does not give is told of until it can be read again', async () => {
  const { fs, files } = unreadableFs();
  const vault = await filled({ fs });
  files.set(document, 'EIO');
  expect((await month(vault)).flatMap(({ unreadable }) => unreadable)).toEqual([document]);
  expect(vault.quarantine().map(({ origin, reason }) => `${origin} ${reason}`)).toEqual([
    `${document} could not be read (EIO), left where it is`,
  ]);
  files.clear();
  await month(vault);
  expect(vault.quarantine()).toEqual([]);
});

test('writes that go on meanwhile are no damage', async () => {
  const vault = await filled();
  const chats = vault.collection('conversations');
  let isDone = false;
  const writing = (async () => {
    for (let count = 0; !isDone; count += 1) {
      const id = `c${count % 40}`;
      await chats.updateOne({ id }, { $set: { title: `title ${'longer '.repeat(count % 9)}` } });
      await vault.collection('messages').insertOne(message(`n${count}`, id));
      if (count % 7 === 0) await vault.settleFiles();
    }
  })();
  const found = await month(vault);
  isDone = true;
  await writing;
  expect(found.flatMap(({ differing, unreadable }) => [...differing, ...unreadable])).toEqual([]);
});

test('an order to stop ends it, and that part is read the next time', async () => {
  const vault = await filled();
  expect(await vault.verifyFiles(AbortSignal.abort())).toEqual({ part: 0, checked: 0, differing: [], unreadable: [] });
  expect((await month(vault)).reduce((sum, { checked }) => sum + checked, 0)).toBe(80);
});
