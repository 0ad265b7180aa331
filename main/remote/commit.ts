import type { Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { type CollectionName, isCollectionName, registry } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { CommitOptions, Committed, Write } from '../../shared/store/commit.ts';
import type { Change } from '../../shared/store/store.ts';
import { isoNow } from '../lib/clock.ts';
import { meantRecord, namedTwice, replacedBody } from '../records/replaced-body.ts';
import type { PlacedWrite, PlannedWrite } from './apply-ops.ts';
import { type ReadRecord, createCollectionReader } from './collection-reader.ts';
import { deletedWrite } from './deleted-write.ts';
import { insertPlan } from './plan-inserts.ts';
import { writeTogether } from './planned-writes.ts';
import type { StorePort } from './store-port.ts';
import { changeOp } from './write-op.ts';

/** What one write of a commit becomes; `write` is null where nothing differs. */
interface Part {
  readonly write: PlannedWrite | null;
  readonly after: Committed | null;
  readonly change: Change['type'];
}

type Numbered<W> = { readonly at: number; readonly write: W };
type Named = Exclude<Write, { op: 'insert' }>;

interface Place {
  readonly name: CollectionName;
  readonly definition: CollectionDefinition;
  readonly server: ServerCollection<Document>;
  readonly port: StorePort;
}

/**
 * `Committing.commit` over a team database: read and checked whole, then written in the order given, in one transaction.
 *
 * A server that stands alone has none. There what was written is put back when a later write fails, but others see the
 * writes one after the other, and if this machine stops half-way the first of them stay. An audit event given after its
 * change is then missing, never wrong: the daily job notes what the log does not know.
 */
export function commitRemotely(
  port: StorePort,
  writes: readonly Write[],
  options: CommitOptions = {},
): Promise<readonly (Committed | null)[]> {
  return port.run(() =>
    writeTogether(port, options, async () => {
      const parts = await planAll(port, writes);
      const placed: PlacedWrite[] = [];
      const changes: Change[] = [];
      for (const { place, part } of parts) {
        if (!part.write) continue;
        placed.push({ ...part.write, place: { collection: place.server, name: place.name } });
        changes.push(changeOf(place, part.write, part.change));
      }
      return { writes: placed, changes, result: parts.map(({ part }) => part.after) };
    }),
  );
}

async function planAll(port: StorePort, writes: readonly Write[]): Promise<{ place: Place; part: Part }[]> {
  const now = isoNow(port.clock);
  const planned: { place: Place; part: Part }[] = [];
  const seen = new Set<string>();
  for (const name of new Set(writes.map(({ collection }) => collection))) {
    const place = placeOf(port, name);
    const own = writes.flatMap((write, at) => (write.collection === name ? [{ at, write }] : []));
    for (const { at, part, id } of await planCollection(place, own, now)) {
      if (seen.has(`${name}/${id}`)) throw namedTwice(`${name}/${id}`);
      seen.add(`${name}/${id}`);
      planned[at] = { place, part };
    }
  }
  return planned;
}

function placeOf(port: StorePort, name: CollectionName): Place {
  if (!isCollectionName(name)) {
    throw new AppError('UNKNOWN_COLLECTION', `There is no collection "${String(name)}".`, {
      remedy: 'See `almanac status` for the collections there are.',
      details: { collection: name },
    });
  }
  const definition = registry[name];
  return { name, definition, server: port.connection.db.collection(definition.mongo.collection), port };
}

async function planCollection(
  place: Place,
  writes: readonly Numbered<Write>[],
  now: string,
): Promise<{ at: number; id: string; part: Part }[]> {
  const inserts = writes.flatMap(({ at, write }) => (write.op === 'insert' ? [{ at, draft: write.draft }] : []));
  const others = writes.flatMap(({ at, write }) => (write.op === 'insert' ? [] : [{ at, write }]));
  const twice = others.find(({ write }, place_) => others.findIndex((other) => other.write.id === write.id) < place_);
  if (twice) throw namedTwice(`${place.name}/${twice.write.id}`);
  const standing = await read(
    place,
    others.map(({ write }) => write.id),
  );
  const drafts = inserts.map(({ draft }) => draft);
  const inserted = drafts.length === 0 ? [] : await insertPlan(place, drafts, true);
  return [
    ...inserted.map((write, nth) => ({
      at: inserts[nth]?.at ?? -1,
      id: write.record.id,
      part: { write, after: write.record as Committed, change: 'insert' as const },
    })),
    ...others.map(({ at, write }) => ({
      at,
      id: write.id,
      part: planNamed(place, write, standing.get(write.id), now),
    })),
  ];
}

function planNamed(place: Place, write: Named, standing: ReadRecord | undefined, now: string): Part {
  const { definition, port, name } = place;
  const before = meantRecord(name, write, standing?.record);
  if (!standing) return { write: null, after: before, change: 'update' };
  if (write.op === 'delete') {
    return { write: deletedWrite(definition, port, standing, now), after: null, change: 'delete' };
  }
  const next = replacedBody(definition, before, write.record, now);
  if (next === null) return { write: null, after: before, change: 'update' };
  const record = port.stamper.stamp(definition, next, before._meta);
  return {
    write: { op: changeOp(record, standing), record, before: standing.document },
    after: record,
    change: 'update',
  };
}

async function read(
  { name, definition, server, port }: Place,
  ids: readonly string[],
): Promise<Map<string, ReadRecord>> {
  const found = new Map<string, ReadRecord>();
  if (ids.length === 0) return found;
  const reader = createCollectionReader(name, definition, server, port);
  for await (const each of reader.records({ id: { $in: ids } }, {})) found.set(each.record.id, each);
  return found;
}

function changeOf({ name, definition }: Place, { record }: PlannedWrite, type: Change['type']): Change {
  const stream = definition.streamField === undefined ? undefined : record[definition.streamField];
  return { collection: name, type, id: record.id, ...(typeof stream === 'string' && { stream }) };
}
