import type { Collection as ServerCollection, Document } from 'mongodb';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import { noLanes } from '../sync/lanes.ts';
import type { DigestLevel, Lanes, RemoteTotal } from '../sync/ports.ts';
import type { RemoteConnection } from './connect.ts';
import { DIGEST_INDEX } from './init-remote.ts';
import { remoteFailure } from './remote-error.ts';

const MAX_TIME_MS = 60_000;
const DAY = '$_meta.day';

/** Lanes by month, day or bucket: one scan of an index that holds all it asks for (reliability.md §3.9). */
export async function readDigest(
  { server: name }: Pick<RemoteConnection, 'server'>,
  server: ServerCollection<Document>,
  level: DigestLevel,
): Promise<ReadonlyMap<string, Lanes>> {
  const { match, key } = partsOf(level);
  const groups = await aggregate(name, server, [{ $match: { '_meta.day': match } }, groupBy(key)]);
  return new Map(groups.map((group) => [String(group['_id']), lanesIn(group)]));
}

/**
 * All sums of each of these collections, and whether it has documents without our `_meta`: in one answer, since an idle
 * system asks this again and again. Scans of the same index.
 */
export async function readTotals(
  { server: name, db }: Pick<RemoteConnection, 'server' | 'db'>,
  collections: readonly CollectionName[],
): Promise<ReadonlyMap<CollectionName, RemoteTotal>> {
  const [first, ...more] = collections.flatMap((collection) => {
    const coll = registry[collection].mongo.collection;
    return [
      { coll, pipeline: [{ $match: { '_meta.day': ALL_DAYS } }, groupBy(collection)] },
      { coll, pipeline: [{ $match: { '_meta.day': null } }, { $limit: 1 }, { $group: { _id: collection } }] },
    ];
  });
  if (first === undefined) return new Map();
  const groups = await aggregate(name, db.collection(first.coll), [
    ...first.pipeline,
    ...more.map((part) => ({ $unionWith: part })),
  ]);
  const totals = new Map<CollectionName, RemoteTotal>(
    collections.map((collection) => [collection, { lanes: noLanes, hasForeign: false }]),
  );
  for (const group of groups) {
    const collection = group['_id'] as CollectionName; // as `groupBy` has it from the list
    const known = totals.get(collection) ?? { lanes: noLanes, hasForeign: false };
    totals.set(collection, 'n' in group ? { ...known, lanes: lanesIn(group) } : { ...known, hasForeign: true });
  }
  return totals;
}

function groupBy(key: unknown): Document {
  const sums = Object.fromEntries([0, 1, 2, 3, 4].map((lane) => [`s${lane}`, { $sum: `$_meta.h${lane}` }]));
  return { $group: { _id: key, n: { $sum: 1 }, ...sums } };
}

async function aggregate(
  name: string,
  server: ServerCollection<Document>,
  pipeline: readonly Document[],
): Promise<readonly Document[]> {
  try {
    const options = { hint: DIGEST_INDEX, maxTimeMS: MAX_TIME_MS, batchSize: 1_000 };
    return await server.aggregate<Document>([...pipeline], options).toArray();
  } catch (error) {
    const { code, message = '' } = error as { code?: unknown; message?: string };
    if (code === 2 && message.includes('hint')) throw remoteFailure('prepared', name, '', error);
    throw error;
  }
}

// Everything that has a day; what other programs wrote has none.
const ALL_DAYS = { $gte: '' };

function partsOf(level: DigestLevel): { readonly match: unknown; readonly key: unknown } {
  if ('by' in level) return { match: ALL_DAYS, key: { $substrCP: [DAY, 0, 7] } };
  if ('month' in level) return { match: { $gte: `${level.month}-`, $lt: `${level.month}.` }, key: DAY };
  return { match: level.day, key: { $mod: ['$_meta.h0', 16] } };
}

function lanesIn({ n, s0, s1, s2, s3, s4 }: Document): Lanes {
  return { n: Number(n), sums: [Number(s0), Number(s1), Number(s2), Number(s3), Number(s4)] };
}
