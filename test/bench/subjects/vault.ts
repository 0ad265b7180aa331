import type { Stored } from '../../../shared/store/store.ts';
import type { RecordOf } from '../../../shared/collections/registry.ts';
import { openVault } from '../../../main/store/vault.ts';
import type { BenchDocument } from '../documents.ts';
import type { ListRow, SubjectKind } from './subject.ts';

const row = { id: 1, title: 1, updated_at: 1 } as const;
type StoredConversation = Stored<RecordOf<'conversations'>>;

// The schema of conversations lets further fields through, `messages` here.
const document = (record: StoredConversation | null): BenchDocument => record as unknown as BenchDocument;
const documents = (records: readonly StoredConversation[]): BenchDocument[] => records.map(document);
const rows = (records: readonly StoredConversation[]): ListRow[] => records as unknown as ListRow[];

/** Ours, through the interface that the app uses. */
export const vaultSubject: SubjectKind = {
  name: 'vault',
  durability: 'log fdatasync',
  async open(root) {
    const vault = await openVault({ root, mode: 'owner', create: true });
    const collection = vault.collection('conversations');
    const appended = (message: object, at: string) => ({ $push: { messages: message }, $set: { updated_at: at } });
    return {
      insertMany: (given) => collection.insertMany(given as never),
      insert: (given) => collection.insertOne(given as never),
      update: (id, message, at) => collection.updateOne({ id }, appended(message, at)),
      updateAndGet: async (id, message, at) =>
        document(await collection.findOneAndUpdate({ id }, appended(message, at), { returnDocument: 'after' })),
      get: async (id) => document(await collection.findOne({ id })),
      newestRows: async (limit) =>
        rows(await collection.find({}, { sort: { updated_at: -1 }, limit, projection: row })),
      newestDocuments: async (limit) => documents(await collection.find({}, { sort: { updated_at: -1 }, limit })),
      rowsOfUser: async (user_id) => rows(await collection.find({ user_id }, { projection: row })),
      documentsOfUser: async (user_id) => documents(await collection.find({ user_id })),
      rowsOfWorkspace: async (workspace) => rows(await collection.find({ workspace }, { projection: row })),
      remove: (id) => collection.deleteOne({ id }),
      removeMany: (ids) => collection.deleteMany({ id: { $in: [...ids] } }),
      settle: () => vault.settleFiles(),
      close: () => vault.close(),
    };
  },
};
