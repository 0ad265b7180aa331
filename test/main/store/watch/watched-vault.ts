import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ChangeBatch } from '../../../../shared/store/store.ts';
import { must } from '../../../../shared/assert.ts';
import type { OpenVaultOptions } from '../../../../main/store/vault.ts';
import type { Vault } from '../../../../main/store/types.ts';
import type { ExternalEdits } from '../../../../main/store/watch/external-edits.ts';
import type { Notice, WatchDelays } from '../../../../main/store/watch/types.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';

/** The waits of tests: long enough for a slow machine to stay in order, short enough not to be waited for. */
export const quickDelays: Partial<WatchDelays> = {
  quietMs: 60,
  midSaveMs: 400,
  vanishedMs: 400,
  retryMs: 100,
  keepMs: 20,
  firstMs: 1e9,
  recentMs: 1e9,
  monthMs: 1e9,
  fullMs: 1e9,
};

export const at = (day: number): string => `2026-01-0${day}T12:00:00.000Z`;

export interface Watched {
  readonly vault: Vault;
  readonly edits: ExternalEdits;
  readonly root: string;
  /** Changes of other programs, as those who watch the vault hear of them. */
  readonly heard: ChangeBatch['changes'][number][];
  readonly notices: Notice[];
  /** Absolute path of a data file. */
  readonly path: (inside: string) => string;
  readonly read: (inside: string) => string;
  readonly has: (inside: string) => boolean;
  /** Once last good versions of what is committed so far are kept. */
  readonly kept: () => Promise<void>;
}

/** A vault that watches its files, with three conversations on two days and three messages. */
export async function watchedVault(
  delays: Partial<WatchDelays> = {},
  root = tempFolder(),
  options: Partial<OpenVaultOptions> = {},
): Promise<Watched> {
  const vault = await openTestVault(root, options);
  const edits = must(await vault.watchFiles({ delays: { ...quickDelays, ...delays } }), 'the watcher');
  await edits.ready();
  const heard: ChangeBatch['changes'][number][] = [];
  const notices: Notice[] = [];
  vault.watch(({ source, changes }) => void (source === 'external' && heard.push(...changes)));
  edits.onNotice((notice) => notices.push(notice));
  const path = (inside: string): string => join(root, 'data', inside);
  const watched: Watched = {
    vault,
    edits,
    root,
    heard,
    notices,
    path,
    read: (inside) => readFileSync(path(inside), 'utf8'),
    has: (inside) => existsSync(path(inside)),
    kept: async () => {
      await vault.settleFiles();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await edits.idle();
    },
  };
  if ((await vault.counts()).conversations === 0) await fill(vault);
  await watched.kept();
  return watched;
}

async function fill(vault: Vault): Promise<void> {
  await vault.collection('conversations').insertMany([
    { id: 'a', title: 'Ant', created_at: at(1), lookup_key: 'slack:U123:C456', context: { deep: 'kept' } },
    { id: 'b', title: 'Bee', created_at: at(1) },
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
}

/** Waits until the claim holds, and shows why not when it never does. */
export async function eventually(claim: () => unknown, withinMs = 6_000): Promise<void> {
  await expect.poll(async () => attempt(claim), { timeout: withinMs, interval: 20 }).toBe('holds');
}

async function attempt(claim: () => unknown): Promise<string> {
  try {
    await claim();
    return 'holds';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export const A = 'conversations/2026/01/01/a.json';
export const B = 'conversations/2026/01/01/b.json';
export const LOG = 'messages/2026/01/01/a.ndjson';

export async function title(vault: Vault, id: string): Promise<unknown> {
  return (await vault.collection('conversations').findOne({ id }))?.title;
}
