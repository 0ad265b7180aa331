import { type CollectionName, isCollectionName } from '../../shared/collections/registry.ts';
import { applyGathered, gather, type Gathered, type GatherOptions } from './apply-remote.ts';
import type { Feed } from './feed.ts';
import type { ChangedRef, RecordRef, SyncState } from './ports.ts';
import { readAhead } from './read-ahead.ts';
import { collectionsOf, commit, type Session } from './session.ts';

/** Applies what the change stream has said; the token goes with the last of it, never before (reliability.md §3.7). */
export async function pullFeed(session: Session, feed: Feed): Promise<void> {
  const { refs, token, lost, trouble } = feed.take();
  if (lost !== null) return startAgain(session, lost);
  const news = refs.filter((ref) => !session.echoes.hears(ref));
  await applyHints(session, news, token === null ? undefined : { resume_token: token });
  if (trouble !== null) throw trouble;
}

/** Looks at all that has changed up to this moment. The stream tells of it again; its token stays where it is. */
export async function followHistory(session: Session): Promise<void> {
  const { resume_token } = session.state;
  const refs = resume_token === null ? null : await session.remote.history(resume_token);
  if (refs !== null) await applyHints(session, refs);
  else await startAgain(session, 'it does not reach back so far');
}

async function startAgain(session: Session, why: string): Promise<void> {
  session.isOver = true;
  session.note('warning', `The server's history of changes was lost: ${why}. Everything is compared.`);
  await commit(session, { steps: [], state: { resume_token: null, contents_at: null } });
}

/**
 * Where there are no streams: asks what changed (reliability.md §3.8). Where another database answers, which would have ended a
 * stream, this session is over, and the next one asks a person: nothing of that one must become a base here.
 */
export async function poll(session: Session, signal?: AbortSignal): Promise<void> {
  for (let more = true; more && signal?.aborted !== true;) {
    const page = await session.remote.poll(session.state.poll_cursor);
    const { store_id: storeId, epoch } = session.state;
    if (page.store?.store_id !== storeId || page.store.epoch !== epoch) return void (session.isOver = true);
    await applyHints(session, page.refs, { poll_cursor: page.cursor });
    more = page.more;
  }
}

/** What the vault could not take and is to be tried again. */
export async function retryDue(session: Session): Promise<void> {
  const due = session.state.quarantine.filter(
    ({ side, next_try }) => side === 'local' && Date.parse(next_try) <= session.clock.now(),
  );
  if (due.length > 0)
    await applyHints(
      session,
      due.map(({ collection, id }) => ({ collection, id })),
    );
}

/** Looks at these records on the server, some at a time; `alongside` is committed with the last. */
export async function applyHints(
  session: Session,
  hints: readonly ChangedRef[],
  alongside?: Partial<SyncState>,
): Promise<void> {
  const chunks = chunksOf(session, hints);
  const last = chunks.at(-1);
  if (last === undefined) session.state = { ...session.state, ...alongside };
  for await (const { chunk, gathered } of readAhead(gatherChunks(session, chunks))) {
    await applyGathered(session, chunk.collection, gathered, chunk === last && gathered.isLast ? alongside : undefined);
  }
}

/** The same, of one collection, for more than should be held in memory. Returns how many there were. */
export async function applyAll(
  session: Session,
  collection: CollectionName,
  parts: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
  options: GatherOptions = {},
): Promise<number> {
  let count = 0;
  const chunks = chunksAmong(session, collection, parts);
  for await (const { gathered, chunk } of readAhead(gatherChunks(session, chunks, options))) {
    await applyGathered(session, collection, gathered);
    if (gathered.isLast) count += chunk.refs.length;
  }
  return count;
}

async function* chunksAmong(
  { limits }: Session,
  collection: CollectionName,
  parts: Iterable<readonly string[]> | AsyncIterable<readonly string[]>,
): AsyncGenerator<Chunk, void> {
  let refs: ChangedRef[] = [];
  for await (const ids of parts) {
    for (const id of ids) {
      refs.push({ collection, id });
      if (refs.length < limits.records) continue;
      yield { collection, refs };
      refs = [];
    }
  }
  if (refs.length > 0) yield { collection, refs };
}

async function* gatherChunks(
  session: Session,
  chunks: Iterable<Chunk> | AsyncIterable<Chunk>,
  options: GatherOptions = {},
): AsyncGenerator<{ readonly chunk: Chunk; readonly gathered: Gathered }, void> {
  for await (const chunk of chunks) {
    for await (const gathered of gather(session, chunk.collection, chunk.refs, options)) yield { chunk, gathered };
  }
}

interface Chunk {
  readonly collection: CollectionName;
  readonly refs: readonly ChangedRef[];
}

function chunksOf(session: Session, hints: readonly ChangedRef[]): readonly Chunk[] {
  const byCollection = new Map<CollectionName, Map<string, ChangedRef>>();
  const ours = collectionsOf(session);
  for (const hint of hints) {
    if (!isOurs(hint, ours)) continue;
    const refs = byCollection.get(hint.collection) ?? new Map<string, ChangedRef>();
    // Of several hints about one record the last is the newest.
    byCollection.set(hint.collection, refs.set(hint.id, hint));
  }
  return [...byCollection].flatMap(([collection, refs]) => {
    const all = [...refs.values()];
    const size = session.limits.records;
    return Array.from({ length: Math.ceil(all.length / size) }, (_, at): Chunk => {
      return { collection, refs: all.slice(at * size, (at + 1) * size) };
    });
  });
}

function isOurs({ collection }: RecordRef, collections: readonly CollectionName[]): boolean {
  return isCollectionName(collection) && collections.includes(collection);
}
