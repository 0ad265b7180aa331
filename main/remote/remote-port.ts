import type { Collection as ServerCollection, Document } from 'mongodb';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import type { AppError } from '../../shared/errors.ts';
import {
  type RemoteHello,
  type RemotePoison,
  type RemotePort,
  type RemoteVersion,
  type RevRef,
  RemoteTrouble,
} from '../sync/ports.ts';
import { changeFeed, readHistory } from './change-feed.ts';
import type { RemoteConnection } from './connect.ts';
import { listKept } from './list-kept.ts';
import { META_COLLECTION, prepareRemote } from './init-remote.ts';
import { pollChanges } from './poll-changes.ts';
import { rawBatches } from './raw-batches.ts';
import { readDigest, readTotals } from './read-digest.ts';
import { idOf, idsReadAs } from './record-id.ts';
import { adoptVersions, pushVersions } from './push-versions.ts';
import { toRemoteError } from './remote-error.ts';
import { ALIVE } from './server-filter.ts';
import { teamCollections } from './server-names.ts';
import { readVersion } from './version.ts';

/** Documents of a batch; the server ends one at 16 MB, too. */
const BATCH = 500;
const STORE_ID = 'store';

type StoreIdentity = NonNullable<RemoteHello['store']>;

/** The reconciler's view of a team database. Needs find, insert and update; reads from the primary at majority. */
export function createRemotePort(
  connection: RemoteConnection,
  { ownsConnection = false, idleMs }: { readonly ownsConnection?: boolean; readonly idleMs?: number } = {},
): RemotePort {
  const { db, driver } = connection;
  let streams: Promise<boolean> | undefined;
  const server = (collection: CollectionName): ServerCollection<Document> =>
    db.collection(registry[collection].mongo.collection);
  const work = <T>(run: () => Promise<T>): Promise<T> => troubled(connection, run);

  const idsIn = (ids: readonly string[]): Document => ({
    _id: { $in: ids.flatMap((id) => idsReadAs(id, driver)) },
  });

  async function* versions(
    collection: CollectionName,
    filter: Document,
  ): AsyncGenerator<readonly (readonly [_id: unknown, id: string, RemoteVersion | RemotePoison, bytes: number])[]> {
    const cursor = server(collection).find(filter, { raw: true, batchSize: BATCH, sort: { _id: 1 } });
    for await (const batch of rawBatches(cursor, work)) {
      yield batch.map((bytes) => [...readVersion(registry[collection], bytes, driver), bytes.length] as const);
    }
  }

  async function readStore(): Promise<StoreIdentity | null> {
    const found = await db.collection<Document>(META_COLLECTION).findOne({ _id: STORE_ID as never });
    if (found === null) return null;
    const { _id, ...store } = found;
    return store as unknown as StoreIdentity; // written by `claim` of some version; the reconciler negotiates
  }

  const port: RemotePort = {
    hello: () =>
      work(async () => {
        await prepareRemote(connection);
        const facts = await connection.hello();
        const [store, hasStreams] = [await readStore(), await (streams ??= probeStreams(connection))];
        return { store, streams: hasStreams, clock_offset_ms: facts.clockOffsetMs };
      }),

    claim: (store) =>
      work(async () => {
        const meta = db.collection<Document>(META_COLLECTION);
        const claiming = meta.updateOne({ _id: STORE_ID as never }, { $setOnInsert: store }, { upsert: true });
        await claiming.catch((error: unknown) => {
          if ((error as { code?: unknown }).code !== 11000) throw error; // somebody else was quicker
        });
        return (await readStore()) ?? store;
      }),

    read: async (collection, ids) => (await port.readSome(collection, ids, Infinity)).found,

    readSome: (collection, ids, maxBytes) =>
      work(async () => {
        const found = new Map<string, RemoteVersion | RemotePoison>();
        let bytes = 0;
        for await (const batch of versions(collection, idsIn(ids))) {
          for (const [_id, id, version, size] of batch) {
            bytes += size;
            // Where two read alike, text is ours.
            if (!found.has(id) || typeof _id === 'string') found.set(id, version);
          }
          if (bytes < maxBytes) continue;
          // What reads like an id that has other spellings is not known to be the one before all is read.
          const rest = ids.filter((id) => !found.has(id) || idsReadAs(id, driver).length > 1);
          if (rest.length < ids.length) return { found: without(found, rest), rest };
        }
        return { found, rest: [] };
      }),

    revs: (collection, ids) =>
      work(async () => {
        const revs = new Map<string, string>();
        const unknown: string[] = [];
        const cursor = server(collection).find(idsIn(ids), { projection: { '_meta.rev': 1 }, batchSize: BATCH });
        for await (const { _id, _meta } of cursor) {
          const id = idOf(_id, driver);
          const rev: unknown = (_meta as Document | undefined)?.['rev'];
          if (id !== null && typeof rev === 'string') revs.set(id, rev);
          else if (id !== null) unknown.push(id);
        }
        // What another program wrote has no rev but that of its content.
        for (const [id, version] of unknown.length > 0 ? await port.read(collection, unknown) : []) {
          if ('record' in version) revs.set(id, version.record._meta.rev);
        }
        return revs;
      }),

    push: (collection, pushes) =>
      work(() => pushVersions(connection, server(collection), registry[collection], pushes)),
    adopt: (collection, seen) => work(() => adoptVersions(connection, server(collection), seen)),
    digest: (collection, level) => work(() => readDigest(connection, server(collection), level)),

    totals: (collections) => work(() => readTotals(connection, collections)),

    listKept: (collection, scope) => work(() => listKept(connection, collection, scope)),

    list: (collection, period, bucket) =>
      work(async () => {
        // A month's days lie between its own name and that of the next character.
        const isDay = period.length > 'YYYY-MM'.length;
        const day = isDay ? period : { $gte: `${period}-`, $lt: `${period}.` };
        const filter = { '_meta.day': day, ...(bucket !== undefined && { '_meta.h0': { $mod: [16, bucket] } }) };
        const cursor = server(collection).find(filter, { projection: { '_meta.rev': 1 }, batchSize: 1_000 });
        const refs: RevRef[] = [];
        for await (const { _id, _meta } of cursor) {
          const id = idOf(_id, driver);
          if (id !== null) refs.push({ id, rev: String((_meta as Document)['rev']) });
        }
        return refs;
      }),

    async *listForeign(collection) {
      // The digest's index answers it: what has no `_meta` stands there with null.
      const found = server(collection).find(
        { '_meta.day': null },
        { projection: { _id: 1 }, raw: true, batchSize: BATCH },
      );
      for await (const batch of rawBatches(found, work)) {
        yield batch.flatMap((bytes) => idOf(driver.BSON.deserialize(bytes)['_id'], driver) ?? []);
      }
    },

    count: (collection) => work(() => server(collection).countDocuments(ALIVE)),

    async *scan(collection) {
      for await (const batch of versions(collection, {})) yield batch.map(([, , version]) => version);
    },

    watch: (token, signal) =>
      changeFeed(connection, { collections: teamCollections, token, signal, ...(idleMs !== undefined && { idleMs }) }),
    history: (token) => work(() => readHistory(connection, { collections: teamCollections, token })),
    poll: (cursor) =>
      work(async () => ({ ...(await pollChanges(connection, teamCollections, cursor)), store: await readStore() })),
    close: async () => {
      if (ownsConnection) await connection.close();
    },
  };
  return port;
}

function without<T>(found: Map<string, T>, ids: readonly string[]): Map<string, T> {
  for (const id of ids) found.delete(id);
  return found;
}

/** `hello` cannot be trusted to tell (D20): a stream is tried once. */
async function probeStreams({ db, facts }: RemoteConnection): Promise<boolean> {
  if (!facts.streams) return false;
  const stream = db.watch([], { maxAwaitTimeMS: 1 });
  try {
    await stream.tryNext();
    return true;
  } catch (error) {
    if (!NO_STREAMS.has((error as { code?: unknown }).code)) throw error;
    return false;
  } finally {
    await stream.close().catch(() => undefined);
  }
}
/** Not supported, unknown command, no such option, not a replica set, not allowed. */
const NO_STREAMS: ReadonlySet<unknown> = new Set([115, 59, 72, 40573, 13]);

const NEEDS_A_PERSON: ReadonlySet<string> = new Set([
  'REMOTE_AUTH',
  'REMOTE_FORBIDDEN',
  'REMOTE_NOT_PREPARED',
  'REMOTE_URL_BAD',
]);

/** What the driver throws as the reconciler sorts it; the AppError for people is the cause. */
async function troubled<T>(connection: RemoteConnection, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof RemoteTrouble) throw thrown;
    const labels: unknown = (thrown as { errorLabelSet?: unknown } | null)?.errorLabelSet;
    const cause: AppError = toRemoteError(thrown, connection);
    const isOverloaded = labels instanceof Set && labels.has('SystemOverloadedError');
    const kind = NEEDS_A_PERSON.has(cause.code) ? 'auth' : isOverloaded ? 'overloaded' : 'transient';
    throw new RemoteTrouble(kind, cause.message, { cause });
  }
}
