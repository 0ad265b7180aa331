import type { CollectionName } from '../../shared/collections/registry.ts';
import type { RemotePoison, RemoteVersion } from './ports.ts';
import type { Session } from './session.ts';

export type Found = ReadonlyMap<string, RemoteVersion | RemotePoison>;

const ADOPTION_ROUNDS = 3;

/** What the server holds of some of these ids, and those that were not looked for yet. */
export interface SomeFound {
  readonly found: Found;
  readonly rest: readonly string[];
}

/**
 * What the server holds, until that has so many bytes. Documents by other programs are adopted first, so that what is returned stands there as a
 * version that everybody sees; what cannot be adopted is returned as poison.
 */
export async function readAdopted(
  session: Session,
  collection: CollectionName,
  ids: readonly string[],
): Promise<SomeFound> {
  if (ids.length === 0) return { found: new Map(), rest: [] };
  const { found, rest } = await session.remote.readSome(collection, ids, session.limits.bytes);
  return { found: await adopted(session, collection, new Map(found)), rest };
}

async function adopted(
  session: Session,
  collection: CollectionName,
  found: Map<string, RemoteVersion | RemotePoison>,
): Promise<Found> {
  const { remote } = session;
  for (let round = 0; round < ADOPTION_ROUNDS; round += 1) {
    const foreign = [...found.values()].filter(isForeign);
    if (foreign.length === 0 || session.readOnly.has(collection)) return found;
    await remote.adopt(collection, foreign);
    const again = await remote.read(
      collection,
      foreign.map(({ record }) => record.id),
    );
    for (const { record } of foreign) {
      const version = again.get(record.id);
      if (version === undefined) found.delete(record.id);
      else found.set(record.id, version);
    }
  }
  for (const version of found.values()) {
    if (isForeign(version)) {
      found.set(version.record.id, { poison: 'another program keeps changing it, or it cannot be given its _meta' });
    }
  }
  return found;
}

function isForeign(version: RemoteVersion | RemotePoison): version is RemoteVersion {
  return 'record' in version && version.foreign !== undefined;
}
