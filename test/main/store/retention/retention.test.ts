import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import yauzl from 'yauzl';
import type { CollectionDefinition, Retention } from '../../../../shared/collections/define.ts';
import { registry } from '../../../../shared/collections/registry.ts';
import { applyRetention } from '../../../../main/store/retention/retention.ts';
import { listTrash } from '../../../../main/store/trash-batches.ts';
import { nodeFs } from '../../../../main/store/node-fs.ts';
import type { Vault } from '../../../../main/store/types.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';

const clock = { now: () => Date.parse('2026-11-20T12:00:00.000Z') };
const daysAgo = (days: number): string => new Date(clock.now() - days * 86_400_000).toISOString();

/** Definitions of the registry with rules of the test's own. */
function withRules(rules: Partial<Record<keyof typeof registry, Retention>>): CollectionDefinition[] {
  return Object.values(registry).map((definition: CollectionDefinition) => ({
    ...definition,
    retention: rules[definition.name as keyof typeof registry] ?? { keep: 'forever' },
  }));
}

async function vaultWith(ages: Readonly<Record<string, number>>): Promise<Vault> {
  const vault = await openTestVault(tempFolder(), { clock });
  const drafts = Object.entries(ages).map(([id, days]) => ({ id, title: id, created_at: daysAgo(days) }));
  await vault.collection('conversations').insertMany(drafts);
  return vault;
}

const ids = async (vault: Vault): Promise<string[]> =>
  (await vault.collection('conversations').find({}, { sort: { id: 1 }, projection: { id: 1 } })).map(({ id }) => id);

function contentsOf(path: string): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (failed, zip) => {
      if (!zip) return reject(failed ?? new Error('no ZIP'));
      const contents: Record<string, string> = {};
      zip.on('end', () => resolve(contents));
      zip.on('entry', (entry) => {
        zip.openReadStream(entry, (unread, stream) => {
          if (!stream) return reject(unread ?? new Error('no stream'));
          void text(stream).then((content) => {
            contents[entry.fileName] = content;
            zip.readEntry();
          }, reject);
        });
      });
      zip.readEntry();
    });
  });
}

test('records go once they are older than the rule says, as deletes that are seen and can be undone', async () => {
  const vault = await vaultWith({ old: 8, edge: 7, young: 6 });
  const seen: unknown[] = [];
  vault.watch((batch) => seen.push(batch));
  const definitions = withRules({ conversations: { deleteAfterDays: 7, by: 'created_at' } });
  expect(await applyRetention({ vault, definitions, clock })).toEqual([
    { collection: 'conversations', deleted: 1, archives: [] },
  ]);
  expect(await ids(vault)).toEqual(['edge', 'young']);
  expect(seen).toEqual([{ source: 'local', changes: [{ collection: 'conversations', type: 'delete', id: 'old' }] }]);
  await vault.settleFiles();
  const [batch] = await listTrash(nodeFs, vault.root);
  expect(batch).toMatchObject({ reason: 'retention', examples: ['old'] });
  await vault.restoreTrash(batch?.id ?? '');
  expect(await ids(vault)).toEqual(['edge', 'old', 'young']);
});

test('the registry as it is keeps everything, and records without the field are kept', async () => {
  const vault = await vaultWith({ old: 5_000 });
  expect(await applyRetention({ vault, definitions: Object.values(registry), clock })).toEqual([]);
  const definitions = withRules({ conversations: { deleteAfterDays: 1, by: 'expires_at' } });
  expect(await applyRetention({ vault, definitions, clock })).toEqual([]);
  expect(await ids(vault)).toEqual(['old']);
});

test('more records than one commit takes all go', async () => {
  const vault = await vaultWith(Object.fromEntries(Array.from({ length: 450 }, (_, n) => [`c${n}`, 10])));
  const definitions = withRules({ conversations: { deleteAfterDays: 7, by: 'created_at' } });
  expect(await applyRetention({ vault, definitions, clock })).toMatchObject([{ deleted: 450 }]);
  expect(await ids(vault)).toEqual([]);
});

test('archived records stand in a dated ZIP under the paths they had, byte for byte', async () => {
  const vault = await vaultWith({ old: 400, young: 3 });
  const created_at = daysAgo(400);
  const messages = ['m1', 'm2'].map((id) => ({
    id,
    conversation_id: 'old',
    role: 'user' as const,
    content: id,
    created_at,
  }));
  await vault.collection('messages').insertMany(messages);
  await vault.settleFiles();
  const [document, log] = [...vault.files(['conversations', 'messages'])]
    .map(({ path }) => path)
    .filter((path) => path.includes('old'));
  const [documentBytes, logBytes] = [document, log].map((path) => readFileSync(join(vault.root, path ?? ''), 'utf8'));
  const rule: Retention = { archiveAfterDays: 365, by: 'created_at' };
  const outcome = await applyRetention({
    vault,
    definitions: withRules({ conversations: rule, messages: rule }),
    clock,
  });
  expect(outcome).toEqual([
    { collection: 'conversations', deleted: 1, archives: ['archive/conversations-2026-11-20.zip'] },
    { collection: 'messages', deleted: 2, archives: ['archive/messages-2026-11-20.zip'] },
  ]);
  expect(await ids(vault)).toEqual(['young']);
  expect(await contentsOf(join(vault.root, 'archive/conversations-2026-11-20.zip'))).toEqual({
    [document?.replace('data/', '') ?? '']: documentBytes,
  });
  expect(await contentsOf(join(vault.root, 'archive/messages-2026-11-20.zip'))).toEqual({
    [log?.replace('data/', '') ?? '']: logBytes,
  });
});

test('a second archive of a day gets a name of its own', async () => {
  const vault = await vaultWith({ a: 400 });
  const definitions = withRules({ conversations: { archiveAfterDays: 365, by: 'created_at' } });
  await applyRetention({ vault, definitions, clock });
  await vault.collection('conversations').insertOne({ id: 'b', created_at: daysAgo(400) });
  expect(await applyRetention({ vault, definitions, clock })).toMatchObject([
    { archives: ['archive/conversations-2026-11-20-2.zip'] },
  ]);
  expect(readdirSync(join(vault.root, 'archive'))).toHaveLength(2);
});

test('a record that changes while it is archived stays', async () => {
  const vault = await vaultWith({ a: 400, b: 400 });
  const fs = { ...nodeFs };
  let isFirst = true;
  // The archive is written between reading the records and deleting them.
  fs.replaceFile = (path, bytes) => {
    nodeFs.replaceFile(path, bytes);
    if (isFirst) void vault.collection('conversations').updateOne({ id: 'a' }, { $set: { title: 'changed' } });
    isFirst = false;
  };
  const definitions = withRules({ conversations: { archiveAfterDays: 365, by: 'updated_at' } });
  await applyRetention({ vault, definitions, clock, fs });
  expect(await vault.collection('conversations').find()).toMatchObject([{ id: 'a', title: 'changed' }]);
});

test('nothing is deleted where the archive cannot be written', async () => {
  const vault = await vaultWith({ a: 400 });
  const fs = {
    ...nodeFs,
    replaceFile: () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  const definitions = withRules({ conversations: { archiveAfterDays: 365, by: 'created_at' } });
  await expect(applyRetention({ vault, definitions, clock, fs })).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect(await ids(vault)).toEqual(['a']);
  expect(existsSync(join(vault.root, '_trash'))).toBe(false);
});

test('a signal ends it before the next commit', async () => {
  const vault = await vaultWith({ a: 10 });
  const definitions = withRules({ conversations: { deleteAfterDays: 7, by: 'created_at' } });
  await expect(applyRetention({ vault, definitions, clock, signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(await ids(vault)).toEqual(['a']);
});
