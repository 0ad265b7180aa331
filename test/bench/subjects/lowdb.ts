import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BenchDocument, BenchMessage } from '../documents.ts';
import { peersFolder } from '../peers-folder.ts';
import type { SubjectKind } from './subject.ts';

interface Low {
  data: { documents: BenchDocument[] };
  write(): Promise<void>;
}

/** Everything in memory; each write rewrites the whole file. */
export const lowdb: SubjectKind = {
  name: 'lowdb',
  durability: 'none: file rewritten, not synced',
  isSlow: true,
  async open(folder) {
    const path = join(peersFolder, 'node_modules', 'lowdb', 'lib', 'presets', 'node.js');
    const { JSONFilePreset } = (await import(pathToFileURL(path).href)) as {
      JSONFilePreset: (path: string, data: Low['data']) => Promise<Low>;
    };
    const low = await JSONFilePreset(join(folder, 'bench.json'), { documents: [] });
    const all = (): BenchDocument[] => low.data.documents;
    const newest = (count: number): BenchDocument[] =>
      all()
        .toSorted((a, b) => (a.updated_at < b.updated_at ? 1 : -1))
        .slice(0, count);
    const add = (documents: readonly BenchDocument[]): Promise<void> => {
      for (const document of documents) all().push(document);
      return low.write();
    };
    const removeMany = (ids: ReadonlySet<string>): Promise<void> => {
      low.data.documents = all().filter(({ id }) => !ids.has(id));
      return low.write();
    };
    const update = async (id: string, message: BenchMessage, at: string): Promise<BenchDocument> => {
      const index = all().findIndex((document) => document.id === id);
      const before = all()[index];
      if (before === undefined) throw new Error(`There is no document ${id}.`);
      const after = { ...before, updated_at: at, messages: [...before.messages, message] };
      all()[index] = after;
      await low.write();
      return after;
    };
    return {
      insertMany: add,
      insert: (document) => add([document]),
      update,
      updateAndGet: update,
      get: async (id) => all().find((document) => document.id === id) as BenchDocument, // only ids that are there are asked for
      newestRows: async (count) => newest(count),
      newestDocuments: async (count) => newest(count),
      rowsOfUser: async (user) => all().filter(({ user_id }) => user_id === user),
      documentsOfUser: async (user) => all().filter(({ user_id }) => user_id === user),
      rowsOfWorkspace: async (wanted) => all().filter(({ workspace }) => workspace === wanted),
      remove: (id) => removeMany(new Set([id])),
      removeMany: (ids) => removeMany(new Set(ids)),
      settle: async () => undefined,
      close: async () => undefined,
    };
  },
};
