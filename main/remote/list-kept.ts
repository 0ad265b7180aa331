import type { Document } from 'mongodb';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import { definitionOf } from '../sync/definition-of.ts';
import type { RevRef, SyncScope } from '../sync/ports.ts';
import type { RemoteConnection } from './connect.ts';
import { idOf, idsReadAs } from './record-id.ts';

const PAGE = 1_000;
const BATCH = 5_000;

/** What of the time before a scope is in it all the same: conversations by what they are, and their messages. */
export async function listKept(
  connection: RemoteConnection,
  collection: CollectionName,
  scope: SyncScope,
): Promise<readonly RevRef[]> {
  const roots = await rootsIn(connection, scope);
  const { archive } = definitionOf(collection);
  if (archive === undefined) return [];
  const before = { '_meta.day': { $lt: scope.from } };
  const refs: RevRef[] = [];
  for (let at = 0; at < roots.length; at += PAGE) {
    const page = roots.slice(at, at + PAGE);
    const wanted =
      'of' in archive
        ? { [archive.by]: { $in: page } }
        : { _id: { $in: page.flatMap((id) => idsReadAs(id, connection.driver)) } };
    refs.push(...(await refsOf(connection, collection, { ...before, ...wanted })));
  }
  return refs;
}

/** Ids of the conversations that are in the scope, of any time. */
async function rootsIn(connection: RemoteConnection, scope: SyncScope): Promise<readonly string[]> {
  const { from, pinned, users, replica } = scope;
  const kept: Document[] = [
    { updated_at: { $gte: from } },
    { updated_at: { $gte: new Date(from) } }, // as other programs write it
    { '_meta.by.replica': replica },
    ...(pinned ? [{ pinned: true }] : []),
    ...(users.length > 0 ? [{ user_id: { $in: [...users] } }] : []),
  ];
  const ids = new Set((await refsOf(connection, 'conversations', { $or: kept })).map(({ id }) => id));
  const recent = connection.db
    .collection(registry.messages.mongo.collection)
    .aggregate<Document>([{ $match: { '_meta.day': { $gte: from } } }, { $group: { _id: '$conversation_id' } }], {
      batchSize: BATCH,
    });
  for await (const { _id } of recent) if (typeof _id === 'string') ids.add(_id);
  return [...ids];
}

async function refsOf(
  { db, driver }: RemoteConnection,
  collection: CollectionName,
  filter: Document,
): Promise<readonly RevRef[]> {
  const cursor = db
    .collection<Document>(registry[collection].mongo.collection)
    .find(filter, { projection: { '_meta.rev': 1 }, batchSize: BATCH });
  const refs: RevRef[] = [];
  for await (const { _id, _meta } of cursor) {
    const id = idOf(_id, driver);
    const rev: unknown = (_meta as Document | undefined)?.['rev'];
    if (id !== null && typeof rev === 'string') refs.push({ id, rev });
  }
  return refs;
}
