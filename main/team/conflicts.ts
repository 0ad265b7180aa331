import { isCollectionName } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { ConflictView } from '../../shared/ipc/team.ts';
import type { Store, Stored } from '../../shared/store/store.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { bodyOf, type RecordBody, type StoredRecord } from '../records/stored-record.ts';
import { type Resolution, resolutionOf } from '../sync/resolve.ts';
import { titleOf } from './title.ts';
import type { Conflicts } from './types.ts';

type Take = NonNullable<ConflictView['resolution']>;
type Fields = Readonly<Record<string, unknown>>;
type Kept = Stored<Fields>;

interface Port {
  readonly store: Store;
  /** This copy of the vault. */
  readonly replica: string;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** What merges set aside. Deciding is an edit like any other: it is synced, and can be taken back. */
export function createConflicts({ store, replica, clock, onChange }: Port): Conflicts {
  const kept = store.collection('conflicts');

  async function found(id: string): Promise<Kept> {
    const conflict = await kept.findOne({ id });
    if (conflict) return conflict;
    throw new AppError('NOT_FOUND', `There is no conflict ${id}.`, { remedy: 'Look at the list again.' });
  }

  async function change(id: string, fields: Fields): Promise<ConflictView> {
    await kept.updateOne({ id }, { $set: fields });
    onChange();
    return viewOf(await found(id), replica);
  }

  return {
    async list({ state, offset, limit }) {
      const filter = { state };
      const rows = await kept.find(filter, { sort: { at: -1 }, skip: offset, limit });
      return { total: await kept.count(filter), rows: rows.map((row) => viewOf(row, replica)) };
    },
    get: async (id) => viewOf(await found(id), replica),
    async resolve(id, take) {
      const conflict = await found(id);
      const view = viewOf(conflict, replica);
      const before = await recordOf(store, view);
      await carryOut(store, view, resolutionOf(sidesOf(view), take, before));
      const resolution = isSeenHere(conflict, replica) ? take : turned(take);
      return change(id, { state: 'resolved', resolution, resolved_at: isoNow(clock), before });
    },
    async undo(id) {
      const conflict = await found(id);
      const view = viewOf(conflict, replica);
      if (view.state === 'open') return view;
      await putBack(store, view, (conflict['before'] ?? null) as RecordBody | null);
      return change(id, { state: 'open', resolution: null, resolved_at: null, before: null });
    },
  };
}

async function recordOf(store: Store, { collection, record_id: id }: ConflictView): Promise<RecordBody | null> {
  if (!isCollectionName(collection)) return null;
  const record: Kept | null = await store.collection(collection).findOne({ id });
  if (record === null) return null;
  return bodyOf(record as unknown as StoredRecord); // every stored record has id, dates and `_meta`
}

/** Carries a decision out as an ordinary edit. */
async function carryOut(store: Store, view: ConflictView, resolution: Resolution): Promise<void> {
  const { collection, record_id: id } = view;
  if (!isCollectionName(collection)) throw gone(view);
  const records = store.collection(collection);
  if (resolution.kind === 'impossible') throw incomplete(view);
  if (resolution.kind === 'delete') await records.deleteOne({ id });
  if (resolution.kind !== 'update') return;
  const { set, unset } = resolution;
  await records.updateOne(
    { id },
    {
      ...(Object.keys(set).length > 0 && { $set: set }),
      ...(unset.length > 0 && { $unset: Object.fromEntries(unset.map((name) => [name, ''])) }),
    },
  );
}

/** Makes the record what it was before a decision. */
async function putBack(store: Store, view: ConflictView, before: RecordBody | null): Promise<void> {
  const { collection, record_id: id } = view;
  if (!isCollectionName(collection)) throw gone(view);
  const records = store.collection(collection);
  const current = await recordOf(store, view);
  if (before === null) return void (await records.deleteOne({ id }));
  if (current === null) return void (await records.insertOne({ ...before, id } as never)); // it was of this collection
  const side = { mine: before, theirs: null, base: null, fields: view.fields, reason: 'field-clash' as const };
  await carryOut(store, view, resolutionOf(side, 'mine', current));
}

function incomplete({ record_id: id }: ConflictView): AppError {
  return new AppError('NOT_FOUND', `The record ${id} has been deleted since, and this side has only a part of it.`, {
    remedy: 'Bring it back from the trash first, then decide.',
  });
}

function gone({ collection }: ConflictView): AppError {
  return new AppError('UNKNOWN_COLLECTION', `This version knows no collection ${collection}.`, {
    remedy: 'Update Almanac, then decide.',
  });
}

/** As the merge kept them. */
function sidesOf(view: ConflictView): Parameters<typeof resolutionOf>[0] {
  return { ...view, reason: view.reason as Parameters<typeof resolutionOf>[0]['reason'] }; // of the collection's schema
}

/** A conflict says *mine* for the machine that met it; here its two sides are the other way round, unless it was this one. */
function isSeenHere(conflict: Kept, replica: string): boolean {
  return conflict['replica'] === replica;
}

const opposite = { mine: 'theirs', theirs: 'mine', base: 'base' } as const;
function turned(take: Take): Take {
  return opposite[take];
}

function viewOf(conflict: Kept, replica: string): ConflictView {
  const { collection, record_id, reason, at, state, resolution, resolved_at, fields, base, ...sides } =
    conflict as unknown as Omit<ConflictView, 'title'>; // checked by the collection's schema
  const isOurs = isSeenHere(conflict, replica);
  const [mine, theirs] = isOurs ? [sides.mine, sides.theirs] : [sides.theirs, sides.mine];
  return {
    id: conflict.id,
    collection,
    record_id,
    title: titleOf(mine ?? theirs ?? base) || record_id,
    reason,
    at,
    state,
    resolution: resolution && !isOurs ? turned(resolution) : (resolution ?? null),
    resolved_at: resolved_at ?? null,
    fields: fields ?? [],
    base,
    mine,
    theirs,
  };
}
