import type { Collection as ServerCollection, Document } from 'mongodb';
import type { DigestLevel, Lanes } from '../sync/ports.ts';
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
  try {
    const sums = Object.fromEntries([0, 1, 2, 3, 4].map((lane) => [`s${lane}`, { $sum: `$_meta.h${lane}` }]));
    const cursor = server.aggregate<Document>(
      [{ $match: { '_meta.day': match } }, { $group: { _id: key, n: { $sum: 1 }, ...sums } }],
      { hint: DIGEST_INDEX, maxTimeMS: MAX_TIME_MS, batchSize: 1_000 },
    );
    const digest = new Map<string, Lanes>();
    for await (const group of cursor) digest.set(String(group['_id']), lanesIn(group));
    return digest;
  } catch (error) {
    const { code, message = '' } = error as { code?: unknown; message?: string };
    if (code === 2 && message.includes('hint')) throw remoteFailure('prepared', name, '', error);
    throw error;
  }
}

function partsOf(level: DigestLevel): { readonly match: unknown; readonly key: unknown } {
  // Everything that has a day; what other programs wrote has none.
  if ('by' in level) return { match: { $gte: '' }, key: { $substrCP: [DAY, 0, 7] } };
  if ('month' in level) return { match: { $gte: `${level.month}-`, $lt: `${level.month}.` }, key: DAY };
  return { match: level.day, key: { $mod: ['$_meta.h0', 16] } };
}

function lanesIn({ n, s0, s1, s2, s3, s4 }: Document): Lanes {
  return { n: Number(n), sums: [Number(s0), Number(s1), Number(s2), Number(s3), Number(s4)] };
}
