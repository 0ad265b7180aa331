import { type CollectionName, collectionNames, registry } from '../../shared/collections/registry.ts';
import type { TeamPreview } from '../../shared/ipc/team.ts';
import type { LocalPort } from '../sync/ports.ts';
import type { Vault } from '../store/types.ts';
import { titleOf } from './title.ts';

const MOST_EXAMPLES = 3;
/** Collections of ours that hold no words of a person. */
const bookkeeping: ReadonlySet<string> = new Set(['sync_bases', 'sync_state']);

/** What would leave this machine at the first push, by collection, and what never does. */
export async function previewOf(vault: Vault, local: LocalPort): Promise<TeamPreview> {
  const counts = await vault.counts();
  const leaving = new Set<CollectionName>(local.collections);
  const collections: TeamPreview['collections'] = [];
  const kept: TeamPreview['kept'] = [];
  for (const collection of collectionNames) {
    const all = counts[collection];
    if (all === 0 || bookkeeping.has(collection)) continue;
    const records = leaving.has(collection) ? await local.count(collection) : 0;
    if (records > 0) collections.push({ collection, records, ...(await sizeOf(local, collection)) });
    if (all > records) kept.push({ collection, records: all - records, why: whyKept(collection) });
  }
  return { collections, kept };
}

async function sizeOf(local: LocalPort, collection: CollectionName): Promise<{ bytes: number; examples: string[] }> {
  let bytes = 0;
  const examples: string[] = [];
  for await (const records of local.scan(collection)) {
    for (const record of records) {
      bytes += Buffer.byteLength(JSON.stringify(record));
      if (examples.length < MOST_EXAMPLES) examples.push(titleOf(record));
    }
  }
  return { bytes, examples };
}

function whyKept(collection: CollectionName): string {
  const { scope } = registry[collection];
  if (scope === 'device') return 'stays on this device';
  return scope === 'private' ? 'private' : 'marked as private, or for this device';
}
