import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BenchDocument, BenchMessage } from '../documents.ts';
import { peersFolder } from '../peers-folder.ts';
import type { ListRow, Subject, SubjectKind } from './subject.ts';

type Change = { type: 'put'; key: string; value: string } | { type: 'del'; key: string };
interface Range {
  readonly gt: string;
  readonly lt: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}
interface Level {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<string>;
  getMany(keys: string[]): Promise<string[]>;
  batch(changes: Change[], options: { sync: boolean }): Promise<void>;
  values(range: Range): { all(): Promise<string[]> };
}

const key = (id: string): string => `document!${id}`;
const all = (prefix: string): Range => ({ gt: `${prefix}!`, lt: `${prefix}~` });
const rowOf = ({ id, title, updated_at }: BenchDocument): string => JSON.stringify({ id, title, updated_at });
const parsed = (text: string): BenchDocument => JSON.parse(text) as BenchDocument;
const row = (text: string): ListRow => JSON.parse(text) as ListRow;

/** List rows stand under the keys of two orders, so that lists and filters need no document. */
const ordersOf = ({ id, updated_at, user_id }: BenchDocument): string[] => [
  `updated!${updated_at}!${id}`,
  `user!${user_id}!${id}`,
];
const puts = (document: BenchDocument): Change[] => [
  { type: 'put', key: key(document.id), value: JSON.stringify(document) },
  ...ordersOf(document).map((order): Change => ({ type: 'put', key: order, value: rowOf(document) })),
];
const removals = (document: BenchDocument): Change[] =>
  [key(document.id), ...ordersOf(document)].map((at) => ({ type: 'del', key: at }));

function createSubject(level: Level): Subject {
  const write = (changes: Change[]): Promise<void> => level.batch(changes, { sync: true });
  const get = async (id: string): Promise<BenchDocument> => parsed(await level.get(key(id)));
  const documents = async (rows: readonly ListRow[]): Promise<BenchDocument[]> =>
    (await level.getMany(rows.map(({ id }) => key(id)))).map(parsed);
  const newestRows = async (limit: number): Promise<ListRow[]> =>
    (await level.values({ ...all('updated'), reverse: true, limit }).all()).map(row);
  const rowsOfUser = async (user: string): Promise<ListRow[]> =>
    (await level.values(all(`user!${user}`)).all()).map(row);
  const update = async (id: string, message: BenchMessage, at: string): Promise<BenchDocument> => {
    const before = await get(id);
    const after = { ...before, updated_at: at, messages: [...before.messages, message] };
    await write([{ type: 'del', key: `updated!${before.updated_at}!${id}` }, ...puts(after)]);
    return after;
  };
  return {
    insertMany: (given) => write(given.flatMap(puts)),
    insert: (document) => write(puts(document)),
    update,
    updateAndGet: update,
    get,
    newestRows,
    newestDocuments: async (count) => documents(await newestRows(count)),
    rowsOfUser,
    documentsOfUser: async (user) => documents(await rowsOfUser(user)),
    rowsOfWorkspace: async (workspace) =>
      (await level.values(all('document')).all()).map(parsed).filter((document) => document.workspace === workspace),
    remove: async (id) => write(removals(await get(id))),
    removeMany: async (ids) => write((await level.getMany(ids.map(key))).map(parsed).flatMap(removals)),
    settle: async () => undefined,
    close: () => level.close(),
  };
}

export const levelSync: SubjectKind = {
  name: 'classic-level sync',
  durability: 'log fsync',
  async open(folder) {
    const { ClassicLevel } = createRequire(join(peersFolder, 'package.json'))('classic-level') as {
      ClassicLevel: new (path: string) => Level;
    };
    const level = new ClassicLevel(join(folder, 'level'));
    await level.open();
    return createSubject(level);
  },
};
