import type { AnyBulkWriteOperation, Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { Push, PushRefusal, RemoteVersion } from '../sync/ports.ts';
import type { RemoteConnection } from './connect.ts';
import { brokenIndex } from './duplicate-key.ts';
import { rawBatches } from './raw-batches.ts';
import { idsReadAs } from './record-id.ts';
import { readVersion, seenDocument } from './version.ts';
import { metaOp, newDocument, replaceOp, replaceSeenOp } from './write-op.ts';

interface IdentifiedOp {
  readonly id: string;
  readonly op: AnyBulkWriteOperation<Document>;
}

/** Every push by itself: one that is refused or comes too late delays no other. The caller reads back what became of them. */
export async function pushVersions(
  connection: RemoteConnection,
  server: ServerCollection<Document>,
  definition: CollectionDefinition,
  pushes: readonly Push[],
): Promise<PushRefusal[]> {
  const { driver } = connection;
  const at = await serverTimeOf(connection);
  const standing = await standingAt(connection, server, definition, pushes.filter(needsLook));
  const ops = pushes.flatMap(({ record, expect }): IdentifiedOp[] => {
    const { id } = record;
    if (expect.kind === 'absent') return [{ id, op: { insertOne: { document: newDocument(record, at) } } }];
    if (expect.kind === 'seen') {
      return [
        { id, op: { updateOne: replaceSeenOp(record, seenDocument(expect.version.seen as Uint8Array, driver)) } },
      ];
    }
    if (!needsLook({ record, expect })) return [{ id, op: { updateOne: replaceOp(record, id, expect.rev) } }];
    const there = standing.get(id);
    // Another version, or one that another program has changed: the caller will see it when it reads back.
    if (there === undefined || there.foreign || there.record._meta.rev !== expect.rev) return [];
    return [{ id, op: { updateOne: replaceSeenOp(record, seenDocument(there.seen as Uint8Array, driver)) } }];
  });
  return writeEach(server, ops);
}

/**
 * The server's clock for new documents: an insert cannot take it by itself, and one that can (an upsert) takes five times
 * as long. Asked anew for each batch, so that it is right to a round trip, however this machine's clock jumps.
 */
async function serverTimeOf({ db }: RemoteConnection): Promise<Date> {
  const { localTime } = await db.command({ hello: 1 });
  return localTime instanceof Date ? localTime : new Date();
}

/** An edit by another program would be overwritten unseen, and an ObjectId's text is not its `_id`. */
function needsLook({ record, expect }: Push): boolean {
  return expect.kind === 'rev' && (expect.base !== null || /^(?:[0-9a-f]{24}|-?\d.*|uuid:.*)$/.test(record.id));
}

async function standingAt(
  { driver }: RemoteConnection,
  server: ServerCollection<Document>,
  definition: CollectionDefinition,
  pushes: readonly Push[],
): Promise<ReadonlyMap<string, RemoteVersion>> {
  const found = new Map<string, RemoteVersion>();
  if (pushes.length === 0) return found;
  const ids = pushes.flatMap(({ record }) => idsReadAs(record.id, driver)) as never[]; // ids are text, the driver's types want ObjectIds
  for await (const batch of rawBatches(server.find({ _id: { $in: ids } }, { raw: true, batchSize: 500 }))) {
    for (const bytes of batch) {
      const [, id, version] = readVersion(definition, bytes, driver);
      if ('record' in version) found.set(id, version);
    }
  }
  return found;
}

/** Writes `_meta` beside what other programs wrote. One that was changed meanwhile is left. */
export async function adoptVersions(
  { driver }: RemoteConnection,
  server: ServerCollection<Document>,
  versions: readonly RemoteVersion[],
): Promise<void> {
  const ops = versions.map(({ record, seen }) => ({
    id: record.id,
    op: { updateOne: metaOp(record, seenDocument(seen as Uint8Array, driver)) },
  }));
  await writeEach(server, ops);
}

async function writeEach(server: ServerCollection<Document>, ops: readonly IdentifiedOp[]): Promise<PushRefusal[]> {
  if (ops.length === 0) return [];
  try {
    await server.bulkWrite(
      ops.map(({ op }) => op),
      { ordered: false },
    );
    return [];
  } catch (error) {
    const errors = writeErrorsOf(error);
    if (errors.some(({ code }) => PASSING.has(code))) throw error;
    if (errors.length > 0) return errors.flatMap((each) => refusalOf(ops[each.index]?.id ?? '', each) ?? []);
    // Here already the driver found a document that it cannot send (D12): it must not take the others with it.
    if (!isPoison(error)) throw error;
    const [only] = ops;
    if (ops.length === 1 && only) return [{ id: only.id, kind: 'poison', reason: 'it cannot be sent' }];
    const half = Math.ceil(ops.length / 2);
    return [...(await writeEach(server, ops.slice(0, half))), ...(await writeEach(server, ops.slice(half)))];
  }
}

/** No disk, no time, going down, another primary: what the server says of a record then is about itself. */
const PASSING: ReadonlySet<unknown> = new Set([
  6, 7, 24, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436, 14031,
]);

interface WriteError {
  readonly index: number;
  readonly code?: unknown;
  readonly errmsg?: string;
}

/** Empty where the whole command failed, for which nobody's record is to blame. */
function writeErrorsOf(error: unknown): readonly WriteError[] {
  const { writeErrors } = error as { writeErrors?: WriteError | readonly WriteError[] };
  return writeErrors === undefined ? [] : ([writeErrors].flat() as WriteError[]);
}

/** Too large, too deep, or of a type that BSON does not have; by the names of the driver's errors. */
function isPoison(error: unknown): boolean {
  const { name = '', code } = error as { name?: string; code?: unknown };
  return /^BSON|InvalidArgument|RangeError|TypeError/.test(name) || TOO_LARGE.has(code);
}

const TOO_LARGE: ReadonlySet<unknown> = new Set([10334, 17280, 17419, 17420, 15]);

function refusalOf(id: string, { code, errmsg = '' }: WriteError): PushRefusal | null {
  if (code === 11000) {
    const index = brokenIndex({ code, message: errmsg });
    return index === '_id_' ? null : { id, kind: 'duplicate-key', reason: `another record has its key in ${index}` };
  }
  if (code === 13) return { id, kind: 'forbidden', reason: 'the user may not write it' };
  if (code === 112) return null; // a write conflict: as good as too late
  const reason =
    code === 121 ? 'it does not fit the rules of the team database' : `the server refuses it (${String(code)})`;
  return { id, kind: 'poison', reason };
}
