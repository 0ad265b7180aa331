import type { CollectionName } from '../../shared/collections/registry.ts';
import { stopFor } from './apply-remote.ts';
import { type Bucket, differences } from './digest.ts';
import { sameLanes, totalLanes } from './lanes.ts';
import type { Push, RemoteTotal } from './ports.ts';
import { applyAll, applyHints } from './pull.ts';
import { reconcileScope } from './reconcile-scope.ts';
import { firstMonth } from './scope.ts';
import { collectionsOf, commit, type Session } from './session.ts';

/** What changes while we compare is met again. */
const PASSES = 3;

export interface FullReport {
  /** Digests of all collections agreed in the end. */
  readonly verified: boolean;
  /** Records that differed when we began. */
  readonly mismatches: number;
}

export interface FullOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Read every document too: what another program changes without touching `_meta` is in no digest, and where it was not
   * in the history of changes either, nothing else tells of it.
   */
  readonly contents?: boolean | undefined;
}

/** Compares everything by digests and brings together what differs. The only proof that both sides are equal. */
export async function reconcileAll(session: Session, options: FullOptions = {}): Promise<FullReport> {
  const { signal } = options;
  const contents = options.contents === true || session.needsDigest;
  const totals = await session.remote.totals(collectionsOf(session));
  await stopIfServerIsEmpty(session, totals);
  let verified = true;
  let mismatches = 0;
  for (const collection of collectionsOf(session)) {
    if (signal?.aborted) return { verified: false, mismatches };
    if (contents) await findForeignEdits(session, collection);
    else if (await isEqual(session, collection, totals.get(collection))) continue;
    await reconcileScope(session, collection);
    const report = await reconcileCollection(session, collection);
    verified &&= report.verified;
    mismatches += report.mismatches;
  }
  const at = new Date(session.clock.now()).toISOString();
  const decision = session.state.decision?.answer === undefined ? session.state.decision : null;
  session.needsDigest = false;
  await commit(session, {
    steps: [],
    state: { last_full_sync_at: at, last_synced_at: at, decision, ...(verified && { last_verified_at: at }) },
  });
  return { verified, mismatches };
}

async function reconcileCollection(session: Session, collection: CollectionName): Promise<FullReport> {
  await adoptForeign(session, collection);
  let mismatches = 0;
  for (let pass = 0; pass < PASSES; pass += 1) {
    const { count, unexplained } = await bringTogether(session, collection);
    if (count === 0 && unexplained.length === 0) return { verified: true, mismatches };
    if (pass === 0) session.counts.mismatches += mismatches = count;
    // Once more is not once too often: the lists may have been made a moment after the sums.
    if (count === 0 && pass > 0) for (const bucket of unexplained) await repair(session, collection, bucket);
  }
  return { verified: false, mismatches };
}

/** Applies what differs; returns how many records did. `unexplained`: buckets whose sums differ though their lists do not. */
async function bringTogether(
  session: Session,
  collection: CollectionName,
): Promise<{ readonly count: number; readonly unexplained: readonly Bucket[] }> {
  const unexplained: Bucket[] = [];
  async function* ids(): AsyncGenerator<readonly string[], void> {
    for await (const difference of differences(session, collection)) {
      if (difference.ids.length === 0) unexplained.push(difference.bucket);
      yield difference.ids;
    }
  }
  return { count: await applyAll(session, collection, ids()), unexplained };
}

/** Whether sums of everything say so already, and no document waits to be adopted. */
async function isEqual(
  { local, scope }: Session,
  collection: CollectionName,
  theirs: RemoteTotal | undefined,
): Promise<boolean> {
  // Its totals are of everything, the vault's of its scope.
  if (firstMonth(collection, scope()) !== null) return false;
  if (theirs === undefined || theirs.hasForeign) return false;
  return sameLanes(theirs.lanes, totalLanes((await local.digest(collection, { by: 'month' })).values()));
}

/** Documents that other programs inserted are in no digest and, without streams, in no hint. */
async function adoptForeign(session: Session, collection: CollectionName): Promise<void> {
  for await (const ids of session.remote.listForeign(collection)) {
    await applyHints(
      session,
      ids.map((id) => ({ collection, id })),
    );
  }
}

async function findForeignEdits(session: Session, collection: CollectionName): Promise<void> {
  // Who knows nothing of the server yet reads it all anyway.
  if ((await session.local.digest(collection, { by: 'month' })).size === 0) return;
  for await (const versions of session.remote.scan(collection)) {
    const foreign = versions.filter((version) => 'record' in version && version.foreign !== undefined);
    const ids = foreign.flatMap((version) => ('record' in version ? [version.record.id] : []));
    await applyHints(
      session,
      ids.map((id) => ({ collection, id })),
    );
  }
}

/** Writes a bucket's versions once more as they are, so that the server's sums about them are made anew. */
async function repair(session: Session, collection: CollectionName, { period, part }: Bucket): Promise<void> {
  if (session.readOnly.has(collection)) return;
  const listed = await session.remote.list(collection, period, part);
  const versions = await session.remote.read(
    collection,
    listed.map(({ id }) => id),
  );
  const pushes = [...versions.values()].flatMap((version): Push[] =>
    'record' in version && version.foreign === undefined
      ? [{ record: version.record, expect: { kind: 'seen', version } }]
      : [],
  );
  session.note('warning', `The server's digest of ${collection} of ${period} was wrong and is made anew.`);
  await session.remote.push(collection, pushes);
}

/** All gone is more likely an accident there than a wish. */
async function stopIfServerIsEmpty(session: Session, totals: ReadonlyMap<CollectionName, RemoteTotal>): Promise<void> {
  const { local, state } = session;
  if (state.decision?.answer !== undefined) return;
  let known = 0;
  for (const collection of collectionsOf(session)) {
    const { n } = totalLanes((await local.digest(collection, { by: 'month' })).values());
    if (n > 0 && (totals.get(collection)?.lanes.n ?? 0) > 0) return;
    known += n;
  }
  if (known > 0) await stopFor(session, { kind: 'empty-server', collection: null, records: known });
}
