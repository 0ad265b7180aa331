import { setTimeout as delay } from 'node:timers/promises';
import type { Document } from 'mongodb';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import type { Change } from '../../shared/store/store.ts';
import type { Log } from '../lib/log.ts';
import type { RecordRef } from '../sync/ports.ts';
import { changeFeed } from './change-feed.ts';
import type { RemoteConnection } from './connect.ts';
import { pollChanges } from './poll-changes.ts';
import { idOf, idsReadAs } from './record-id.ts';
import { allCollections } from './server-names.ts';
import { metaIn } from './wire.ts';

export interface RemoteWatch {
  stop(): Promise<void>;
}
interface WatchPort {
  readonly connection: RemoteConnection;
  readonly log: Log;
  readonly pollMs: number | undefined;
  /** Whether a rev was written here, and has been told of. */
  readonly isEcho: (rev: string) => boolean;
  readonly announce: (changes: readonly Change[]) => void;
}

const POLL_MS = 5_000;
const MAX_BACKOFF_MS = 60_000;

/** Tells of what others write: by a change stream, or by polling where there is none. Mends itself until it is stopped. */
export function watchRemote(port: WatchPort): RemoteWatch {
  const stopping = new AbortController();
  const { signal } = stopping;
  const done = supervise(port, signal);
  return {
    async stop() {
      stopping.abort();
      await done;
    },
  };
}

async function supervise(port: WatchPort, signal: AbortSignal): Promise<void> {
  const state: WatchState = { token: null, cursor: null, seen: new Map(), failures: 0 };
  while (!signal.aborted) {
    try {
      if (port.connection.facts.streams) await follow(port, state, signal);
      else await poll(port, state, signal);
    } catch (error) {
      if (signal.aborted) return;
      state.failures += 1;
      port.log.warn('watching the team database was interrupted', { error: port.connection.redact(String(error)) });
    }
    const backoff = state.failures === 0 ? 0 : Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** state.failures) * Math.random();
    await delay(backoff, undefined, { signal }).catch(() => undefined);
  }
}

interface WatchState {
  token: string | null;
  cursor: string | null;
  /** Polling sees a window again and again: the rev told of last, by collection and id. */
  seen: Map<string, string>;
  failures: number;
}

async function follow(port: WatchPort, state: WatchState, signal: AbortSignal): Promise<void> {
  for await (const event of changeFeed(port.connection, { collections: allCollections, token: state.token, signal })) {
    if (event.kind === 'changed') await tell(port, event.refs, () => false);
    state.token = event.kind === 'lost' ? null : event.token;
    state.failures = event.kind === 'lost' ? state.failures + 1 : 0;
  }
}

const MAX_SEEN = 20_000;

async function poll(port: WatchPort, state: WatchState, signal: AbortSignal): Promise<void> {
  const { refs, cursor, more } = await port.connection.run(() =>
    pollChanges(port.connection, allCollections, state.cursor),
  );
  await tell(port, refs, (key, rev) => {
    if (state.seen.get(key) === rev) return true;
    if (state.seen.size >= MAX_SEEN) state.seen.clear();
    state.seen.set(key, rev);
    return false;
  });
  state.cursor = cursor;
  state.failures = 0;
  if (!more) await delay(port.pollMs ?? POLL_MS, undefined, { signal }).catch(() => undefined);
}

/** Hints say what to look at; the documents say what it is. */
async function tell(
  port: WatchPort,
  refs: readonly RecordRef[],
  isTold: (key: string, rev: string) => boolean,
): Promise<void> {
  const changes: Change[] = [];
  for (const collection of new Set(refs.map((ref) => ref.collection))) {
    const ids = refs.filter((ref) => ref.collection === collection).map(({ id }) => id);
    const found = await look(port, collection, ids);
    for (const id of ids) {
      const document = found.get(id);
      const meta = metaIn(document?.['_meta']);
      if (meta && (port.isEcho(meta.rev) || isTold(`${collection}\0${id}`, meta.rev))) continue;
      changes.push(changeOf(collection, id, document));
    }
  }
  if (changes.length > 0) port.announce(changes);
}

async function look(
  { connection }: WatchPort,
  collection: CollectionName,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Document>> {
  const { driver, db } = connection;
  const { mongo, streamField } = registry[collection] as { mongo: { collection: string }; streamField?: string };
  const _ids = ids.flatMap((id) => idsReadAs(id, driver)) as never[]; // ids are text, the driver's types want ObjectIds
  const projection = { _meta: 1, ...(streamField !== undefined && { [streamField]: 1 }) };
  const documents = await db
    .collection(mongo.collection)
    .find({ _id: { $in: _ids } }, { projection })
    .toArray();
  return new Map(documents.flatMap((each) => [[idOf(each._id, driver) ?? '', each]]));
}

function changeOf(collection: CollectionName, id: string, document: Document | undefined): Change {
  const { streamField } = registry[collection] as { streamField?: string };
  const meta = metaIn(document?.['_meta']);
  const stream: unknown = streamField === undefined ? undefined : document?.[streamField];
  const type = document === undefined || meta?.del ? 'delete' : meta?.gen === 1 ? 'insert' : 'update';
  return { collection, type, id, ...(typeof stream === 'string' && { stream }) };
}
