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

/** A write, and the collection whose document it is. */
export interface PlacedWrite extends PlannedWrite {
  readonly place: Place;
}

export interface Place {
  readonly collection: Collection<Document>;
  /** The collection's name here. */
  readonly name: string;
}

/**
 * Writes all of it or nothing: LostRace, DUPLICATE_KEY. In one transaction where the server has those: then it is seen all at
 * once, and holds also when this machine stops half-way. A server that stands alone gets one write after the other, in their
 * order, and those before one that fails are put back.
 */
export async function applyWrites(connection: RemoteConnection, writes: readonly PlacedWrite[]): Promise<void> {
  const [first] = writes;
  if (first === undefined) return;
  if (writes.length === 1) return applyOne(first);
  if (!connection.facts.streams) return applyOneByOne(writes);
  await connection.transaction(async (session) => {
    for (const some of byPlace(writes)) await applyTogether(some, session);
  });
}

/** Writes of one collection that follow each other. */
function byPlace(writes: readonly PlacedWrite[]): PlacedWrite[][] {
  const groups: PlacedWrite[][] = [];
  for (const write of writes) {
    const last = groups.at(-1);
    if (last?.[0]?.place.name === write.place.name) last.push(write);
    else groups.push([write]);
  }
  return groups;
}

async function applyOne({ place, op, record }: PlacedWrite): Promise<void> {
  try {
    const { filter, update, upsert = false } = op;
    const result = await place.collection.updateOne(filter, update, { upsert });
    if (result.matchedCount + result.upsertedCount !== 1) throw new LostRace();
  } catch (error) {
    throw await meant(place, error, record);
  }
}

async function applyTogether(writes: readonly PlacedWrite[], session: ClientSession): Promise<void> {
  const place = writes[0]?.place;
  if (!place) return;
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
async function applyOneByOne(writes: readonly PlacedWrite[]): Promise<void> {
  const done: PlacedWrite[] = [];
  try {
    for (const write of writes) {
      await applyOne(write);
      done.push(write);
    }
  } catch (error) {
    for (const write of done.toReversed()) await putBack(write);
    throw error;
  }
}

/** Only where the document is still what was written. */
async function putBack({ place: { collection }, record, before }: PlacedWrite): Promise<void> {
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
