import { type CollectionName, isCollectionName } from '../../shared/collections/registry.ts';
import { applyRemote } from './apply-remote.ts';
import type { Feed } from './feed.ts';
import type { ChangedRef, RecordRef, SyncState } from './ports.ts';
import { collectionsOf, commit, type Session } from './session.ts';

/** Records of a commit. */
const CHUNK = 500;

/** Applies what the change stream has said; the token goes with the last of it, never before (reliability.md §3.7). */
export async function pullFeed(session: Session, feed: Feed): Promise<void> {
  const { refs, token, lost, trouble } = feed.take();
  if (lost !== null) {
    session.isOver = true;
    session.note('warning', `The server's history of changes was lost: ${lost}. Everything is compared.`);
    await commit(session, { steps: [], state: { resume_token: null } });
    return;
  }
  await applyHints(session, refs, token === null ? undefined : { resume_token: token });
  if (trouble !== null) throw trouble;
}

/** Where there are no streams: asks what changed (reliability.md §3.8). */
export async function poll(session: Session, signal?: AbortSignal): Promise<void> {
  for (let more = true; more && signal?.aborted !== true;) {
    const page = await session.remote.poll(session.state.poll_cursor);
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
  for (const [at, { collection, refs }] of chunks.entries()) {
    await applyRemote(session, collection, refs, at === chunks.length - 1 ? alongside : undefined);
  }
  if (chunks.length === 0) session.state = { ...session.state, ...alongside };
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
    return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, at): Chunk => {
      return { collection, refs: all.slice(at * CHUNK, (at + 1) * CHUNK) };
    });
  });
}

function isOurs({ collection }: RecordRef, collections: readonly CollectionName[]): boolean {
  return isCollectionName(collection) && collections.includes(collection);
}
