import type { CollectionName } from '../../shared/collections/registry.ts';
import { noLanes, sameLanes } from './lanes.ts';
import type { ChangedRef, DigestLevel, Lanes, RevRef } from './ports.ts';
import type { Session } from './session.ts';

/** A day with more versions than this is compared in sixteen parts. */
const WHOLE_DAY = 512;

/** A part of a collection that is small enough to be listed. */
export interface Bucket {
  readonly day: string;
  readonly part?: number;
}
export interface Difference {
  /** Records that do not stand on both sides alike; both sides are to be read. */
  readonly refs: readonly ChangedRef[];
  /** Buckets whose sums differ though their lists do not: one side's sums are damaged. */
  readonly unexplained: readonly Bucket[];
}

/** What differs between what we believe the server has and what it has: months, days, parts, then ids (reliability.md §3.9). */
export async function compareDigests(session: Session, collection: CollectionName): Promise<Difference> {
  const refs: ChangedRef[] = [];
  const unexplained: Bucket[] = [];
  for (const bucket of await differingBuckets(session, collection)) {
    const ids = await differingIds(session, collection, bucket);
    if (ids.length === 0) unexplained.push(bucket);
    // Not one by one as arguments: a day may have more than fit on the stack.
    for (const id of ids) refs.push({ collection, id });
  }
  return { refs, unexplained };
}

async function differingBuckets(session: Session, collection: CollectionName): Promise<readonly Bucket[]> {
  const buckets: Bucket[] = [];
  for (const month of await differing(session, collection, { by: 'month' })) {
    const days = await differing(session, collection, { month: month.key });
    for (const { key: day, size } of days) {
      if (size <= WHOLE_DAY) buckets.push({ day });
      else {
        const parts = await differing(session, collection, { day });
        for (const { key } of parts) buckets.push({ day, part: Number(key) });
      }
    }
  }
  return buckets;
}

async function differing(
  { local, remote }: Session,
  collection: CollectionName,
  level: DigestLevel,
): Promise<readonly { readonly key: string; readonly size: number }[]> {
  const ours = await local.digest(collection, level);
  const theirs = await remote.digest(collection, level);
  return differingGroups(ours, theirs);
}

export function differingGroups(
  ours: ReadonlyMap<string, Lanes>,
  theirs: ReadonlyMap<string, Lanes>,
): readonly { readonly key: string; readonly size: number }[] {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return keys.flatMap((key) => {
    const [mine, their] = [ours.get(key) ?? noLanes, theirs.get(key) ?? noLanes];
    return sameLanes(mine, their) ? [] : [{ key, size: Math.max(mine.n, their.n) }];
  });
}

async function differingIds(
  { local, remote }: Session,
  collection: CollectionName,
  { day, part }: Bucket,
): Promise<readonly string[]> {
  const theirs = await remote.list(collection, day, part);
  const ours = await local.bases(collection, day, part);
  return symmetricDifference(ours, theirs);
}

function symmetricDifference(ours: readonly RevRef[], theirs: readonly RevRef[]): readonly string[] {
  const revs = new Map(ours.map(({ id, rev }) => [id, rev]));
  const ids = new Set<string>();
  for (const { id, rev } of theirs) {
    if (revs.get(id) !== rev) ids.add(id);
    revs.delete(id);
  }
  for (const id of revs.keys()) ids.add(id);
  return [...ids];
}
