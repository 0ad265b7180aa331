import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { workerFiles } from '../../../main/app/worker-files.ts';
import type { Vault } from '../../../main/store/types.ts';
import { openVault } from '../../../main/store/vault.ts';
import { createTransfer } from '../../../main/transfer/create-transfer.ts';
import { plainConversation } from '../../fixtures/exports/chatgpt.ts';
import { makeZip } from '../../fixtures/exports/make-zip.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { archiveAt, testVault, workerUrl } from './test-vault.ts';

const CONVERSATIONS = 60;

function manyConversations(): object {
  return Array.from({ length: CONVERSATIONS }, (_, index) => plainConversation(`c${index}`, 'words '.repeat(200)));
}

/** Every file of a folder with the hash of its bytes; the owner's files change by themselves. */
function snapshot(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !/_owner|_lock|_clean/.test(path));
  return Object.fromEntries(
    paths.toSorted().map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

test('an import cancelled at any moment before its commit leaves the vault as it was, byte by byte', async () => {
  const folder = tempFolder();
  const zip = await makeZip(join(folder, 'export.zip'), { 'conversations.json': manyConversations() });
  const { vault, transfer } = await testVault(folder);
  await vault.collection('conversations').insertOne({ id: 'mine', title: 'Mine' });
  await vault.settleFiles();
  const before = snapshot(vault.root);
  for (const delayMs of [0, 20, 60, 120, 200, 300]) {
    const controller = new AbortController();
    const cancel = after(delayMs).then(() => controller.abort());
    let hasCommitted = false;
    const outcome = await transfer
      .run(archiveAt(zip), {
        signal: controller.signal,
        onProgress: ({ phase }) => (hasCommitted ||= phase === 'writing'),
      })
      .catch((error: unknown) => error);
    await cancel;
    // Past the commit point it completes; the longer delays may get there on a fast machine.
    if (hasCommitted) break;
    expect(outcome).toMatchObject({ code: 'CANCELLED' });
    expect(snapshot(vault.root)).toEqual(before);
  }
});

test('an import cancelled while it writes its staging file removes that file', async () => {
  const folder = tempFolder();
  const zip = await makeZip(join(folder, 'export.zip'), { 'conversations.json': manyConversations() });
  const { vault, transfer } = await testVault(folder);
  const controller = new AbortController();
  let wasStaging = false;
  const onProgress = (): void => {
    wasStaging = readdirSync(vault.stagingRoot).length > 0;
    controller.abort();
  };
  const run = transfer.run(archiveAt(zip), { signal: controller.signal, onProgress });
  await expect(run).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(wasStaging).toBe(true);
  expect(readdirSync(vault.stagingRoot)).toEqual([]);
});

test('an import cancelled before it begins does nothing, and the next one works', async () => {
  const folder = tempFolder();
  const zip = await makeZip(join(folder, 'export.zip'), { 'conversations.json': [plainConversation('c1')] });
  const { transfer } = await testVault(folder);
  const signal = AbortSignal.abort();
  await expect(transfer.run(archiveAt(zip), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  await expect(transfer.preview(archiveAt(zip), { signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(await transfer.run(archiveAt(zip))).toMatchObject({ created: 1 });
});

test('a process killed during an import leaves all of it or nothing', async () => {
  const folder = tempFolder();
  const zip = await makeZip(join(folder, 'export.zip'), { 'conversations.json': manyConversations() });
  const script = `
    import { openVault } from ${JSON.stringify(new URL('../../../main/store/vault.ts', import.meta.url).href)};
    import { createTransfer } from ${JSON.stringify(new URL('../../../main/transfer/create-transfer.ts', import.meta.url).href)};
    const vault = await openVault({ root: process.argv[1], mode: 'owner', create: true });
    const workerUrl = new URL(${JSON.stringify(workerFiles.transfer.href)});
    const transfer = createTransfer({ vault, workerUrl, clock: { now: () => Date.now() } });
    process.stdout.write('started');
    await transfer.run({ path: process.argv[2], name: 'export.zip' });
    await vault.close();
  `;
  const outcomes = new Set<string>();
  for (const delayMs of [50, 250, 400, 550, 700, 1000]) {
    const root = join(folder, `vault-${delayMs}`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, root, zip], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    await after(delayMs);
    child.kill('SIGKILL');
    await ended;
    const vault = await openVault({ root, mode: 'owner' });
    const counts = await vault.counts();
    await vault.close();
    outcomes.add(`${counts.conversations}/${counts.messages}/${counts.imports}`);
  }
  const allowed = ['0/0/0', `${CONVERSATIONS}/${CONVERSATIONS * 3}/1`];
  expect([...outcomes].filter((outcome) => !allowed.includes(outcome))).toEqual([]);
}, 60_000);

/**
 * The same vault, in which somebody else does something when it is asked for its messages the nth time; what they do is
 * over before that question is answered, where it can be awaited.
 */
function interfering(vault: Vault, nth: number, interfere: () => unknown): Vault {
  let count = 0;
  const collection: Vault['collection'] = (asked) => {
    const real = vault.collection(asked);
    if (asked === 'messages') count += 1;
    if (asked !== 'messages' || count !== nth) return real;
    const done = interfere();
    const find: typeof real.find = async (...question: Parameters<typeof real.find>) => {
      await done;
      return real.find(...question);
    };
    return withMember(real, 'find', find);
  };
  return withMember(vault, 'collection', collection);
}

function withMember<T extends object>(whole: T, name: keyof T, member: unknown): T {
  return new Proxy(whole, {
    get(target, key) {
      if (key === name) return member;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

test('a conversation renamed after an import has looked it up keeps its new name', async () => {
  const { vault, importFiles, clock } = await testVault();
  await importFiles({ 'conversations.json': [plainConversation('c1')] });
  const newer = { ...plainConversation('c1'), title: 'Renamed there', is_archived: true, update_time: 1_700_009_000 };
  // Enough other conversations that the import is still reading when the name changes.
  const others = Array.from({ length: 400 }, (_, index) => plainConversation(`o${index}`));
  const zip = await makeZip(join(tempFolder(), 'new.zip'), { 'conversations.json': [newer, ...others] });
  const rename = () => {
    const update = { $set: { title: 'Renamed here' } };
    setTimeout(() => void vault.collection('conversations').updateOne({ id: 'c1' }, update), 5);
  };
  const transfer = createTransfer({ vault: interfering(vault, 1, rename), workerUrl, clock });
  expect(await transfer.run(archiveAt(zip))).toMatchObject({ created: 400, updated: 1 });
  expect(await vault.collection('conversations').findOne({ id: 'c1' })).toMatchObject({
    title: 'Renamed here',
    archived: true,
  });
});

test('a message written while an import is taken back is not lost', async () => {
  const { vault, importFiles, clock } = await testVault();
  const receipt = await importFiles({
    'conversations.json': Array.from({ length: 100 }, (_, index) => plainConversation(`c${index}`)),
  });
  const mine = { conversation_id: 'c0', role: 'user', content: 'mine' } as const;
  const write = () => vault.collection('messages').insertOne(mine);
  const transfer = createTransfer({ vault: interfering(vault, 50, write), workerUrl, clock });
  const undone = await transfer.undo(receipt.id);
  expect(undone).toMatchObject({ removed_conversations: 99, kept: [{ source_id: 'c0' }] });
  expect(await vault.collection('messages').count({ conversation_id: 'c0' })).toBe(4);
});
