import { onTestFinished } from 'vitest';
import { type RemoteConnection, connect } from '../../../main/remote/connect.ts';
import { initRemote } from '../../../main/remote/init-remote.ts';
import { type MongoStore, type MongoStoreOptions, createMongoStore } from '../../../main/remote/mongo-store.ts';
import { freshDatabase } from '../../helpers/mongod-shared.ts';

/** A connection to a database of its own, which vanishes when the test ends. */
export async function openTestDatabase(url: string, db = freshDatabase()): Promise<RemoteConnection> {
  const connection = await connect(url, { db, selectionTimeoutMs: 60_000 });
  onTestFinished(async () => {
    await connection.db.dropDatabase().catch(() => undefined);
    await connection.close();
  });
  return connection;
}

/** Prepared databases by server: making one takes longer than most tests, so a file's tests take turns in it. */
const prepared = new Map<
  string,
  { readonly name: string; readonly indexes: ReadonlyMap<string, ReadonlySet<string>> }
>();

/** An empty, prepared team database. */
export async function preparedDatabase(url: string): Promise<RemoteConnection> {
  const known = prepared.get(url);
  const connection = await connect(url, { db: known?.name ?? freshDatabase(), selectionTimeoutMs: 60_000 });
  onTestFinished(() => connection.close());
  if (known) {
    await empty(connection, known.indexes);
    return connection;
  }
  await initRemote(connection);
  prepared.set(url, { name: connection.database, indexes: await indexesOf(connection) });
  return connection;
}

async function indexesOf({ db }: RemoteConnection): Promise<Map<string, Set<string>>> {
  const all = await db.listCollections({ type: 'collection' }).toArray();
  const names = all.map(({ name }) => name).filter((name) => !name.startsWith('system.'));
  const listed = names.map(async (name): Promise<[string, Set<string>]> => {
    const indexes = await db.collection(name).indexes();
    return [name, new Set(indexes.map((index) => String(index.name)))];
  });
  return new Map(await Promise.all(listed));
}

async function empty(connection: RemoteConnection, first: ReadonlyMap<string, ReadonlySet<string>>): Promise<void> {
  for (const [name, indexes] of await indexesOf(connection)) {
    const collection = connection.db.collection(name);
    const before = first.get(name);
    if (before === undefined) await collection.drop();
    else if (name === 'sync_meta') await collection.deleteMany({ _id: { $ne: 'form' as never } });
    else await collection.deleteMany({});
    for (const index of indexes) if (before && !before.has(index)) await collection.dropIndex(index);
  }
}

/** An empty, prepared team database as a Store. */
export async function openTestStore(
  url: string,
  options: Partial<MongoStoreOptions> = {},
): Promise<{ readonly store: MongoStore; readonly connection: RemoteConnection }> {
  const connection = await preparedDatabase(url);
  const store = createMongoStore(connection, { replica: 'test-replica', pollMs: 50, ...options });
  onTestFinished(() => store.close());
  return { store, connection };
}
