import type { ClientSession, Collection, Document } from 'mongodb';
import type { StoredRecord } from '../records/stored-record.ts';
import type { RemoteConnection } from './connect.ts';
import { brokenIndex, duplicateOf } from './duplicate-key.ts';
import type { WriteOp } from './write-op.ts';

/** One write of a change that is made whole or not at all. */
export interface PlannedWrite {
  readonly op: WriteOp;
  /** What the document is afterwards. */
  readonly record: StoredRecord;
  /** The document before, decoded; null where there was none. A server without transactions is put back to it. */
  readonly before: Document | null;
}

/** Somebody else wrote one of the documents meanwhile: nothing was changed, and the work begins anew. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
}

interface Place {
  readonly connection: RemoteConnection;
  readonly collection: Collection<Document>;
  /** The collection's name here. */
  readonly name: string;
}

/** Writes all of it or nothing: LostRace, DUPLICATE_KEY. Seen all at once where the server has transactions. */
export async function applyWrites(place: Place, writes: readonly PlannedWrite[]): Promise<void> {
  const [first] = writes;
  if (first === undefined) return;
  if (writes.length === 1) return applyOne(place, first);
  if (!place.connection.facts.streams) return applyOneByOne(place, writes);
  await place.connection.transaction((session) => applyTogether(place, writes, session));
}

async function applyOne(place: Place, { op, record }: PlannedWrite): Promise<void> {
  try {
    const { filter, update, upsert = false } = op;
    const result = await place.collection.updateOne(filter, update, { upsert });
    if (result.matchedCount + result.upsertedCount !== 1) throw new LostRace();
  } catch (error) {
    throw await meant(place, error, record);
  }
}

async function applyTogether(place: Place, writes: readonly PlannedWrite[], session: ClientSession): Promise<void> {
  try {
    const operations = writes.map(({ op }) => ({ updateOne: op }));
    const result = await place.collection.bulkWrite(operations, { session, ordered: true });
    if (result.matchedCount + result.upsertedCount !== writes.length) throw new LostRace();
  } catch (error) {
    const at = (error as { writeErrors?: readonly { index: number }[] }).writeErrors?.[0]?.index ?? 0;
    throw await meant(place, error, writes[at]?.record);
  }
}

/** A server that stands alone has no transactions: what was written is put back when a later write fails. */
async function applyOneByOne(place: Place, writes: readonly PlannedWrite[]): Promise<void> {
  const done: PlannedWrite[] = [];
  try {
    for (const write of writes) {
      await applyOne(place, write);
      done.push(write);
    }
  } catch (error) {
    for (const write of done.toReversed()) await putBack(place, write);
    throw error;
  }
}

/** Only where the document is still what was written. */
async function putBack({ collection }: Place, { record, before }: PlannedWrite): Promise<void> {
  const _id = (before?.['_id'] ?? record.id) as never; // ids are text, the driver's types want ObjectIds
  const filter = { _id, '_meta.rev': record._meta.rev };
  if (before === null) await collection.deleteOne(filter);
  else await collection.replaceOne(filter, before);
}

/** E11000 on `_id` is a race that was lost; the next look says who has it. On another index it is the caller's matter. */
async function meant({ collection, name }: Place, error: unknown, record: StoredRecord | undefined): Promise<unknown> {
  const index = brokenIndex(error);
  if (index === null || record === undefined) return error;
  return index === '_id_' ? new LostRace() : duplicateOf(collection, name, index, record);
}
