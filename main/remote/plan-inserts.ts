import type { Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { Meta } from '../../shared/store/store.ts';
import { isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { stampInsert } from '../records/stamp.ts';
import type { RecordBody } from '../records/stored-record.ts';
import type { PlannedWrite } from './apply-ops.ts';
import { duplicateId } from './duplicate-key.ts';
import { idOf, idsReadAs } from './record-id.ts';
import type { StorePort } from './store-port.ts';
import { metaIn } from './wire.ts';
import { insertOp, replaceOp } from './write-op.ts';

interface Place {
  readonly definition: CollectionDefinition;
  readonly server: ServerCollection<Document>;
  readonly port: StorePort;
}

/** What stands where a record is to be inserted: something alive, or a tombstone, whose history goes on. */
type Standing = { readonly _id: unknown; readonly document: Document; readonly tombstone: Meta | null };

/**
 * The writes that insert these drafts, or the first refusal in their order, as in a vault: BAD_RECORD, BAD_ID,
 * DUPLICATE_KEY. An id whose record was deleted goes on from its tombstone, so that no replica takes it for an older one.
 *
 * @param look whether to ask first which of the ids are taken
 */
export async function insertPlan(
  { definition, server, port }: Place,
  drafts: readonly Readonly<Record<string, unknown>>[],
  look: boolean,
): Promise<PlannedWrite[]> {
  const { bodies, refusal } = stampAll(definition, drafts, port);
  const standing = look ? await standingOf({ definition, server, port }, bodies) : new Map<string, Standing>();
  const seen = new Set<string>();
  for (const { id } of bodies) {
    const taken = standing.get(id);
    if (seen.has(id) || (taken !== undefined && taken.tombstone === null)) throw duplicateId(definition.name, id);
    seen.add(id);
  }
  if (refusal !== undefined) throw refusal.error;
  return bodies.map((body) => {
    const former = standing.get(body.id);
    const record = port.stamper.stamp(definition, body, former?.tombstone ?? undefined);
    if (!former?.tombstone) return { op: insertOp(record), record, before: null };
    return { op: replaceOp(record, former._id, former.tombstone.rev), record, before: former.document };
  });
}

/** Those before the first that is refused. */
function stampAll(
  definition: CollectionDefinition,
  drafts: readonly Readonly<Record<string, unknown>>[],
  { clock }: StorePort,
): { bodies: RecordBody[]; refusal: { error: unknown } | undefined } {
  const bodies: RecordBody[] = [];
  for (const draft of drafts) {
    try {
      bodies.push(stampInsert(definition, draft, { id: () => newId(clock), now: isoNow(clock) }));
    } catch (error) {
      return { bodies, refusal: { error } };
    }
  }
  return { bodies, refusal: undefined };
}

async function standingOf(
  { definition, server, port }: Place,
  bodies: readonly RecordBody[],
): Promise<Map<string, Standing>> {
  const { driver } = port.connection;
  const ids = bodies.flatMap(({ id }) => idsReadAs(id, driver)) as never[]; // ids are text, the driver's types want ObjectIds
  const { streamField } = definition;
  // All that a tombstone has; of what is alive only that it is there matters.
  const fields = { _meta: 1, created_at: 1, updated_at: 1, ...(streamField !== undefined && { [streamField]: 1 }) };
  const found = new Map<string, Standing>();
  for await (const document of server.find({ _id: { $in: ids } }, { projection: fields })) {
    const id = idOf(document._id, driver);
    const meta = metaIn(document['_meta']);
    if (id !== null) found.set(id, { _id: document._id, document, tombstone: meta?.del ? meta : null });
  }
  return found;
}
