import type { CollectionName } from '../../shared/collections/registry.ts';
import { noLanes, sameLanes } from './lanes.ts';
import type { DigestLevel, Lanes, RevRef } from './ports.ts';
import { firstMonth } from './scope.ts';
import type { Session } from './session.ts';

/** A day with more versions than this is compared in sixteen parts. */
const WHOLE_DAY = 512;

/** Of a month with so many versions at most, and of which at least half is to be listed, all are listed at once. */
const WHOLE_MONTH = 10_000;

/** A part of a collection that is small enough to be listed. */
export interface Bucket {
  /** A day (`YYYY-MM-DD`), or a month (`YYYY-MM`). */
  readonly period: string;
  /** Of a day. */
  readonly part?: number;
}
/** What is compared, as far as the scope goes. */
export type Sides = Pick<Session, 'local' | 'remote' | 'scope'>;

export interface Difference {
  readonly bucket: Bucket;
  /**
   * Records that do not stand on both sides alike; both sides are to be read. None: the sums differ though the lists do
   * not, so one side's are damaged.
   */
  readonly ids: readonly string[];
}

/** What differs between what we believe the server has and what it has: months, days, parts, then ids (reliability.md §3.9). */
export async function* differences(session: Sides, collection: CollectionName): AsyncGenerator<Difference, void> {
  const first = firstMonth(collection, session.scope());
  for (const month of await differing(session, collection, { by: 'month' })) {
    if (first !== null && month.key < first) continue;
    if (await isWorthListingWhole(session, collection, month)) {
      const bucket = { period: month.key };
      const ids = await differingIds(session, collection, bucket, month);
      if (ids.length > 0) yield { bucket, ids };
      if (ids.length > 0) continue;
    }
    for (const bucket of await smallBuckets(session, collection, month)) {
      yield { bucket, ids: await differingIds(session, collection, bucket, month) };
    }
  }
}

/** Where one side has nothing, all of it differs; and one list is quicker than thirty. */
async function isWorthListingWhole(session: Sides, collection: CollectionName, month: Group): Promise<boolean> {
  if (month.size > WHOLE_MONTH) return false;
  if (month.ours === 0 || month.theirs === 0) return true;
  const days = await differing(session, collection, { month: month.key });
  return days.length > 1 && days.reduce((sum, { size }) => sum + size, 0) * 2 >= month.size;
}

async function smallBuckets(session: Sides, collection: CollectionName, month: Group): Promise<readonly Bucket[]> {
  const days = await differing(session, collection, { month: month.key });
  const buckets: Bucket[] = [];
  for (const { key: day, size } of days) {
    if (size <= WHOLE_DAY) buckets.push({ period: day });
    else {
      const parts = await differing(session, collection, { day });
      for (const { key } of parts) buckets.push({ period: day, part: Number(key) });
    }
  }
  return buckets;
}

async function differing(
  { local, remote }: Sides,
  collection: CollectionName,
  level: DigestLevel,
): Promise<readonly Group[]> {
  const ours = await local.digest(collection, level);
  const theirs = await remote.digest(collection, level);
  return differingGroups(ours, theirs);
}

/** Versions of a month, day or part, on each side, and on the side that has more of them. */
export interface Group {
  readonly key: string;
  readonly ours: number;
  readonly theirs: number;
  readonly size: number;
}

export function differingGroups(
  ours: ReadonlyMap<string, Lanes>,
  theirs: ReadonlyMap<string, Lanes>,
): readonly Group[] {
  const keys = [...new Set([...ours.keys(), ...theirs.keys()])].sort();
  return keys.flatMap((key) => {
    const [mine, their] = [ours.get(key) ?? noLanes, theirs.get(key) ?? noLanes];
    return sameLanes(mine, their) ? [] : [{ key, ours: mine.n, theirs: their.n, size: Math.max(mine.n, their.n) }];
  });
}

async function differingIds(
  { local, remote }: Sides,
  collection: CollectionName,
  { period, part }: Bucket,
  month: Group,
): Promise<readonly string[]> {
  const theirs = month.theirs === 0 ? [] : await remote.list(collection, period, part);
  const ours = month.ours === 0 ? [] : await local.bases(collection, period, part);
  return symmetricDifference(ours, theirs);
}

export function symmetricDifference(ours: readonly RevRef[], theirs: readonly RevRef[]): readonly string[] {
  const revs = new Map(ours.map(({ id, rev }) => [id, rev]));
  const ids = new Set<string>();
  for (const { id, rev } of theirs) {
    if (revs.get(id) !== rev) ids.add(id);
    revs.delete(id);
  }
  for (const id of revs.keys()) ids.add(id);
  return [...ids];
}
