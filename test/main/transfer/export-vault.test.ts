import { readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../../../main/store/types.ts';
import { exportConversations } from '../../../main/transfer/export-vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { testVault } from './test-vault.ts';

async function vaultWith(titles: readonly string[]): Promise<{ folder: string; vault: Vault }> {
  const folder = tempFolder();
  const { vault } = await testVault(folder);
  for (const [index, title] of titles.entries()) {
    const created_at = `2026-02-0${index + 1}T10:00:00.000Z`;
    await vault
      .collection('conversations')
      .insertOne({ id: `c${index}`, title, created_at, tags: [title.length > 3 ? 'long' : 'short'] });
    await vault
      .collection('messages')
      .insertOne({ conversation_id: `c${index}`, role: 'user', content: `Hello ${title}`, created_at });
  }
  return { folder, vault };
}

test('Markdown goes into one file each, with front matter and a name that any disk takes', async () => {
  const { folder, vault } = await vaultWith(['A/B: "C"?', '..', 'Ünïcode 😀']);
  const path = join(folder, 'out', 'markdown');
  expect(await exportConversations({ store: vault, filter: {}, format: 'markdown', path })).toEqual({
    conversations: 3,
    messages: 3,
    path,
  });
  expect(readdirSync(path).toSorted()).toEqual([
    '2026-02-01 A B C.md',
    '2026-02-02 Untitled.md',
    '2026-02-03 Ünïcode 😀.md',
  ]);
  const text = readFileSync(join(path, '2026-02-01 A B C.md'), 'utf8');
  expect(text).toContain('id: "c0"');
  expect(text).toContain('Hello A/B');
});

test('conversations of one day and title get names of their own, and a second export replaces its own files alone', async () => {
  const { folder, vault } = await vaultWith([]);
  for (const [index, title] of ['Same', 'SAME', 'Same'].entries()) {
    await vault
      .collection('conversations')
      .insertOne({ id: `c${index}`, title, created_at: `2026-02-01T10:00:0${index}.000Z` });
  }
  const path = join(folder, 'out');
  mkdirSync(path);
  writeFileSync(join(path, '2026-02-01 Same.md'), 'somebody else’s notes');
  const run = () => exportConversations({ store: vault, filter: {}, format: 'markdown', path });
  await run();
  const names = readdirSync(path).toSorted();
  expect(names).toHaveLength(4);
  expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(4);
  await run();
  expect(readdirSync(path).toSorted()).toEqual(names);
  expect(readFileSync(join(path, '2026-02-01 Same.md'), 'utf8')).toBe('somebody else’s notes');
});

test('JSON is one list of conversations with their messages, filtered', async () => {
  const { folder, vault } = await vaultWith(['one', 'longer', 'two']);
  const path = join(folder, 'out.json');
  await exportConversations({ store: vault, filter: { tags: 'short' }, format: 'json', path });
  const exported = JSON.parse(readFileSync(path, 'utf8')) as { id: string; messages: { content: string }[] }[];
  expect(exported.map(({ id, messages }) => [id, messages.map(({ content }) => content)])).toEqual([
    ['c0', ['Hello one']],
    ['c2', ['Hello two']],
  ]);
  await exportConversations({ store: vault, filter: { tags: 'none' }, format: 'json', path });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([]);
});

test('an export that is cancelled or cannot be written leaves no half file', async () => {
  const { folder, vault } = await vaultWith(['one', 'two']);
  const path = join(folder, 'out.json');
  writeFileSync(path, 'earlier');
  const request = { store: vault, filter: {}, format: 'json', path } as const;
  await expect(exportConversations(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect(readdirSync(folder).toSorted()).toEqual(['out.json', 'vault']);
  expect(readFileSync(path, 'utf8')).toBe('earlier');
  await expect(exportConversations({ ...request, format: 'markdown' })).rejects.toMatchObject({ code: 'PATH_REFUSED' });
});
