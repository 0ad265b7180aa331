import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BenchDocument } from '../documents.ts';
import { peersFolder } from '../peers-folder.ts';
import type { ListRow, SubjectKind } from './subject.ts';

interface Cursor extends PromiseLike<unknown[]> {
  sort(order: Record<string, 1 | -1>): Cursor;
  limit(count: number): Cursor;
}
interface Datastore {
  loadDatabaseAsync(): Promise<void>;
  ensureIndexAsync(options: { fieldName: string; unique?: boolean }): Promise<void>;
  insertAsync(documents: unknown): Promise<unknown>;
  updateAsync(query: object, update: object, options: object): Promise<{ affectedDocuments: unknown }>;
  findOneAsync(query: object): PromiseLike<unknown>;
  findAsync(query: object, projection?: object): Cursor;
  removeAsync(query: object, options: object): Promise<number>;
}

const row = { id: 1, title: 1, updated_at: 1 };
const rows = (found: unknown): ListRow[] => found as ListRow[];
const documents = (found: unknown): BenchDocument[] => found as BenchDocument[];

/** Everything in memory; a file that writes are appended to, without fsync. */
export const nedb: SubjectKind = {
  name: 'nedb',
  durability: 'none: appended, not synced',
  async open(folder) {
    const Store = createRequire(join(peersFolder, 'package.json'))('@seald-io/nedb') as new (options: {
      filename: string;
    }) => Datastore;
    const store = new Store({ filename: join(folder, 'bench.nedb') });
    await store.ensureIndexAsync({ fieldName: 'id', unique: true });
    await store.ensureIndexAsync({ fieldName: 'updated_at' });
    await store.ensureIndexAsync({ fieldName: 'user_id' });
    await store.loadDatabaseAsync();
    const appended = (message: object, at: string) => ({ $push: { messages: message }, $set: { updated_at: at } });
    const newest = { updated_at: -1 } as const;
    return {
      insertMany: (given) => store.insertAsync(given),
      insert: (document) => store.insertAsync(document),
      update: (id, message, at) => store.updateAsync({ id }, appended(message, at), {}),
      updateAndGet: async (id, message, at) => {
        const options = { returnUpdatedDocs: true };
        return (await store.updateAsync({ id }, appended(message, at), options)).affectedDocuments as BenchDocument;
      },
      get: async (id) => (await store.findOneAsync({ id })) as BenchDocument,
      newestRows: async (count) => rows(await store.findAsync({}, row).sort(newest).limit(count)),
      newestDocuments: async (count) => documents(await store.findAsync({}).sort(newest).limit(count)),
      rowsOfUser: async (user) => rows(await store.findAsync({ user_id: user }, row)),
      documentsOfUser: async (user) => documents(await store.findAsync({ user_id: user })),
      rowsOfWorkspace: async (workspace) => rows(await store.findAsync({ workspace }, row)),
      remove: (id) => store.removeAsync({ id }, {}),
      removeMany: (ids) => store.removeAsync({ id: { $in: ids } }, { multi: true }),
      settle: async () => undefined,
      close: async () => undefined,
    };
  },
};
