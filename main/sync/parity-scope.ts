import type { CollectionName } from '../../shared/collections/registry.ts';
import { createChecksum } from './checksum.ts';
import { differences, type Sides } from './digest.ts';
import { type Parity, type ParityOptions, settle } from './parity.ts';
import { heldBefore } from './reconcile-scope.ts';

/**
 * As `compareContents`, as far as the vault's scope goes: whatever the vault has is read on the server too, and what it
 * should have and has not is found by digests, and by the list of what is older and in the scope.
 */
export async function compareInScope(
  sides: Sides,
  collection: CollectionName,
  { signal, onCompared }: ParityOptions = {},
): Promise<Parity> {
  const { local, remote } = sides;
  const checksum = createChecksum();
  const doubtful = new Set<string>();
  const counts = { local: 0, there: 0 };
  for await (const records of local.scan(collection)) {
    signal?.throwIfAborted();
    const ids = records.map(({ id }) => id);
    const versions = await remote.read(collection, ids);
    for (const record of records) {
      checksum.add(record);
      const there = versions.get(record.id);
      const isThere = there !== undefined && 'record' in there && !there.record._meta.del;
      if (isThere) counts.there += 1;
      if (!isThere || there.record._meta.rev !== record._meta.rev) doubtful.add(record.id);
    }
    counts.local += records.length;
    onCompared?.(records.length);
  }
  const missing = await missingHere(sides, collection);
  for (const id of missing) doubtful.add(id);
  const { differing, withheld } = await settle(local, remote, collection, [...doubtful]);
  const alsoThere = differing.filter((id) => missing.has(id)).length;
  return {
    local: counts.local,
    remote: counts.there + alsoThere - withheld,
    checksum: checksum.hex(),
    differing,
    equal: differing.length === 0,
  };
}

/** What the server has in the scope, and the vault does not know as it is there. */
export async function missingHere(sides: Sides, collection: CollectionName): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const difference of differences(sides, collection)) for (const id of difference.ids) ids.add(id);
  const scope = sides.scope();
  if (scope === null) return ids;
  const held = new Map((await heldBefore(sides.local, collection, scope)).map(({ id, rev }) => [id, rev]));
  for (const { id, rev } of await sides.remote.listKept(collection, scope)) if (held.get(id) !== rev) ids.add(id);
  return ids;
}
