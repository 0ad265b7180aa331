import type { ChangeStream, Document } from 'mongodb';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { type ChangedRef, type RemoteEvents, RemoteTrouble } from '../sync/ports.ts';
import type { RemoteConnection } from './connect.ts';
import { idOf } from './record-id.ts';

/** How long events are gathered before they are told, and how many at most. */
const GATHER_MS = 25;
const MAX_GATHERED = 200;
/** How long the server holds a question that it has no answer to. */
const AWAIT_MS = 30_000;
/** How often a quiet stream tells where it stands, so that its place does not age out of the server's history (D4). */
const IDLE_MS = 60_000;

/** After these a token is worth nothing (D3): history is gone, or there is none. */
const LOST_CODES: ReadonlySet<unknown> = new Set([136, 217, 222, 234, 237, 260, 280, 286, 40573, 40576, 40585, 10334]);
/** Not the token's fault: elections, shutdowns, rights, time. */
const MAY_PASS: ReadonlySet<unknown> = new Set([
  6, 7, 13, 18, 43, 50, 63, 89, 91, 133, 150, 189, 262, 9001, 10107, 11600, 11602, 13388, 13435, 13436,
]);
const LOST_OPERATIONS: ReadonlySet<unknown> = new Set(['drop', 'rename', 'dropDatabase', 'invalidate']);

export interface FeedOptions {
  /** Collections by their names on the server. */
  readonly collections: ReadonlyMap<string, CollectionName>;
  readonly token: string | null;
  readonly signal: AbortSignal;
  readonly idleMs?: number;
}

/**
 * A change stream over these collections as hints: ids and tokens, never contents (D6). With a token it goes on from there;
 * without, from now on, and its first event is `idle` as soon as it is open, so that nothing falls between (D5).
 * Ends after `lost`, and when `signal` says so. Throws RemoteTrouble('transient'): streams are disposable (D1, D2).
 */
export async function* changeFeed(connection: RemoteConnection, options: FeedOptions): AsyncGenerator<RemoteEvents> {
  const { signal } = options;
  const stream = openStream(connection, options);
  let hasBegun = false;
  const isOpen = new Promise<'open'>((resolve) => {
    stream.once('resumeTokenChanged', () => {
      hasBegun = true;
      resolve('open');
    });
  });
  const stopped = abortOf(signal);
  let pending: Promise<Document | null> | undefined;
  try {
    pending = nextOf(stream);
    if (options.token === null && (await Promise.race([isOpen, stopped, pending])) === 'open') yield idle(stream);
    let quietSince = Date.now();
    while (!signal.aborted) {
      const first = await Promise.race([pending, stopped]);
      if (first === 'stopped') return;
      pending = nextOf(stream);
      if (first === null) {
        if (Date.now() - quietSince < (options.idleMs ?? IDLE_MS)) continue;
        quietSince = Date.now();
        yield idle(stream);
        continue;
      }
      const gathered = [first];
      while (gathered.length < MAX_GATHERED) {
        const more = await Promise.race([pending, wait(GATHER_MS)]);
        if (more === 'waited' || more === null) break;
        gathered.push(more);
        pending = nextOf(stream);
      }
      const lost = gathered.find((event) => LOST_OPERATIONS.has(event['operationType']));
      if (lost) return yield { kind: 'lost', reason: `the server tells of: ${String(lost['operationType'])}` };
      quietSince = Date.now();
      yield changed(connection, options, gathered);
    }
  } catch (error) {
    if (signal.aborted) return;
    const { name, code } = error as { name?: string; code?: unknown };
    // A token that the server cannot even read is answered by whatever its parser says.
    const isBadToken = options.token !== null && !hasBegun && name === 'MongoServerError' && !MAY_PASS.has(code);
    if (!LOST_CODES.has(code) && !isBadToken) throw new RemoteTrouble('transient', connection.redact(String(error)));
    yield { kind: 'lost', reason: `the change stream cannot go on (${String(code)})` };
  } finally {
    pending?.catch(() => undefined);
    await stream.close().catch(() => undefined);
  }
}

/** How long a question for more history is held, while the server looks through what is nothing to us. */
const HISTORY_AWAIT_MS = 10;

/**
 * All that changed between the token and now, or null where history does not reach back so far. A server that has nothing
 * more to say has looked to the end of its history. A router may still wait for a shard: there the place that it has come
 * to must be that of a stream just opened (tokens stand in the order of history, as MongoDB documents it), which takes as
 * long as the slowest shard needs to say that nothing happened.
 */
export async function readHistory(
  connection: RemoteConnection,
  { collections, token }: { readonly collections: FeedOptions['collections']; readonly token: string },
): Promise<readonly ChangedRef[] | null> {
  const { signal } = new AbortController();
  const options = { collections, signal, awaitMs: HISTORY_AWAIT_MS };
  const stream = openStream(connection, { ...options, token });
  const refs: ChangedRef[] = [];
  try {
    const now = connection.facts.isRouter ? await placeNow(connection, options) : '';
    for (;;) {
      const event: Document | null = await stream.tryNext();
      if (event !== null && LOST_OPERATIONS.has(event['operationType'])) return null;
      if (event !== null) refs.push(...refsIn(connection, collections, [event]));
      if (event === null && placeOf(stream.resumeToken) >= now) return refs;
    }
  } catch (error) {
    const { code, name } = error as { code?: unknown; name?: string };
    if (LOST_CODES.has(code) || (name === 'MongoServerError' && !MAY_PASS.has(code))) return null;
    throw error;
  } finally {
    await stream.close().catch(() => undefined);
  }
}

async function placeNow(connection: RemoteConnection, options: Omit<FeedOptions, 'token'>): Promise<string> {
  const latest = openStream(connection, { ...options, token: null });
  try {
    await latest.tryNext();
    return placeOf(latest.resumeToken);
  } finally {
    await latest.close().catch(() => undefined);
  }
}

function placeOf(token: unknown): string {
  const place = (token as { _data?: unknown } | undefined)?._data;
  return typeof place === 'string' ? place : '';
}

function openStream(
  { db }: RemoteConnection,
  { collections, token, awaitMs = AWAIT_MS }: FeedOptions & { readonly awaitMs?: number },
): ChangeStream {
  const ours = {
    $or: [{ 'ns.coll': { $in: [...collections.keys()] } }, { operationType: { $in: ['dropDatabase', 'invalidate'] } }],
  };
  // Of the document only its rev, where the event has it anyway.
  const fields = { operationType: 1, ns: 1, 'documentKey._id': 1, 'fullDocument._meta.rev': 1 };
  return db.watch([{ $match: ours }, { $project: fields }], {
    batchSize: MAX_GATHERED,
    maxAwaitTimeMS: awaitMs,
    ...(token !== null && { resumeAfter: JSON.parse(token) as unknown }),
  });
}

/** A promise that may be waited for several times, or not at all. */
function nextOf(stream: ChangeStream): Promise<Document | null> {
  const next: Promise<Document | null> = stream.tryNext();
  next.catch(() => undefined);
  return next;
}

function idle(stream: ChangeStream): RemoteEvents {
  return { kind: 'idle', token: JSON.stringify(stream.resumeToken) };
}

/** With the token of the last event: it may be kept once these are applied. */
function changed(
  connection: RemoteConnection,
  { collections }: FeedOptions,
  events: readonly Document[],
): RemoteEvents {
  const refs = refsIn(connection, collections, events);
  return { kind: 'changed', refs, token: JSON.stringify(events.at(-1)?.['_id']) };
}

/** One for each record, as the last of the events about it says. */
function refsIn(
  { driver }: RemoteConnection,
  collections: FeedOptions['collections'],
  events: readonly Document[],
): readonly ChangedRef[] {
  const refs = new Map<string, ChangedRef>();
  for (const event of events) {
    const collection = collections.get(String((event['ns'] as Document | undefined)?.['coll']));
    const id = idOf((event['documentKey'] as Document | undefined)?.['_id'], driver);
    const rev: unknown = ((event['fullDocument'] as Document | undefined)?.['_meta'] as Document | undefined)?.['rev'];
    if (collection === undefined || id === null) continue;
    refs.set(`${collection}\0${id}`, { collection, id, ...(typeof rev === 'string' && { rev }) });
  }
  return [...refs.values()];
}

function wait(ms: number): Promise<'waited'> {
  return new Promise((resolve) => void setTimeout(() => resolve('waited'), ms));
}

function abortOf(signal: AbortSignal): Promise<'stopped'> {
  if (signal.aborted) return Promise.resolve('stopped');
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}
