import { onTestFinished } from 'vitest';
import { workerFiles } from '../../../main/app/worker-files.ts';
import { silentLog } from '../../../main/lib/log.ts';
import { createSearch } from '../../../main/search/search.ts';
import type { Search } from '../../../main/search/types.ts';
import type { Vault } from '../../../main/store/types.ts';
import { openVault } from '../../../main/store/vault.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

export const workerUrl = workerFiles.search;
export const now = Date.UTC(2026, 5, 1);
const clock = { now: () => now };

export type EngineName = 'best' | 'scan';

/** Search over a vault; closed when the test ends, if not before. */
export function startSearch(vault: Vault, engine: EngineName = 'best'): Search {
  const search = createSearch({ vault, workerUrl, clock, log: silentLog, engine });
  onTestFinished(() => search.close());
  return search;
}

export async function openTestVault(root: string, mode: 'owner' | 'reader' = 'owner'): Promise<Vault> {
  const vault = await openVault({ root, mode, create: mode === 'owner', clock });
  onTestFinished(() => vault.close());
  return vault;
}

export async function newVault(): Promise<Vault> {
  return openTestVault(tempFolder());
}

/** A conversation with messages of these texts: ids are `id`, `id-0`, `id-1`, … */
export async function addChat(
  vault: Vault,
  id: string,
  title: string,
  texts: readonly (string | object)[],
  createdMs = now,
): Promise<void> {
  const at = new Date(createdMs).toISOString();
  await vault.collection('conversations').insertOne({ id, title, created_at: at, updated_at: at });
  await vault.collection('messages').insertMany(
    texts.map((text, index) => ({
      id: `${id}-${index}`,
      conversation_id: id,
      role: 'user' as const,
      content: '',
      created_at: at,
      updated_at: at,
      ...(typeof text === 'string' ? { content: text } : text),
    })),
  );
}

export async function idsFound(search: Search, text: string, limit = 50): Promise<string[]> {
  await search.settled();
  return (await search.query(text, { limit })).hits.map((hit) => hit.id);
}
