import { isCollectionName } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { ConflictView } from '../../shared/ipc/team.ts';
import type { Store, Stored } from '../../shared/store/store.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { titleOf } from './title.ts';
import type { Conflicts } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;
type Kept = Stored<Fields>;

interface Port {
  readonly store: Store;
  readonly clock: Clock;
  readonly onChange: () => void;
}

/** These are the record's own and no value of anybody's. */
const fixed: ReadonlySet<string> = new Set(['id', '_id', '_meta', 'created_at', 'updated_at']);

/** What merges set aside. Deciding is an edit like any other: it is synced, and can be taken back. */
export function createConflicts({ store, clock, onChange }: Port): Conflicts {
  const kept = store.collection('conflicts');

  async function found(id: string): Promise<Kept> {
    const conflict = await kept.findOne({ id });
    if (conflict) return conflict;
    throw new AppError('NOT_FOUND', `There is no conflict ${id}.`, { remedy: 'Look at the list again.' });
  }

  async function change(id: string, fields: Fields): Promise<ConflictView> {
    await kept.updateOne({ id }, { $set: fields });
    onChange();
    return viewOf(await found(id));
  }

  return {
    async list({ state, offset, limit }) {
      const filter = { state };
      const rows = await kept.find(filter, { sort: { at: -1 }, skip: offset, limit });
      return { total: await kept.count(filter), rows: rows.map(viewOf) };
    },
    get: async (id) => viewOf(await found(id)),
    async resolve(id, take) {
      const conflict = await found(id);
      const view = viewOf(conflict);
      const before = await recordOf(store, view);
      await apply(store, view, view[take], namesOf(view));
      return change(id, { state: 'resolved', resolution: take, resolved_at: isoNow(clock), before });
    },
    async undo(id) {
      const conflict = await found(id);
      const view = viewOf(conflict);
      if (view.state === 'open') return view;
      await apply(store, view, (conflict['before'] ?? null) as Fields | null, namesOf(view));
      return change(id, { state: 'open', resolution: null, resolved_at: null, before: null });
    },
  };
}

/** What differs between the sides, where the merge did not name the fields. */
function namesOf({ fields, base, mine, theirs }: ConflictView): string[] {
  if (fields.length > 0) return [...fields];
  const all = [base, mine, theirs].flatMap((side) => Object.keys(side ?? {}));
  return [...new Set(all)].filter((name) => !fixed.has(name));
}

async function recordOf(store: Store, { collection, record_id: id }: ConflictView): Promise<Fields | null> {
  if (!isCollectionName(collection)) return null;
  const record: Kept | null = await store.collection(collection).findOne({ id });
  if (record === null) return null;
  const { _meta, ...fields } = record;
  return fields;
}

/** Makes one side's values the record's; a side that is null had deleted it. */
async function apply(store: Store, view: ConflictView, side: Fields | null, names: readonly string[]): Promise<void> {
  const { collection, record_id: id } = view;
  if (!isCollectionName(collection)) throw gone(view);
  const records = store.collection(collection);
  if (side === null) return void (await records.deleteOne({ id }));
  if ((await records.findOne({ id })) === null) {
    const { _meta, ...draft } = side;
    return void (await records.insertOne({ ...draft, id } as never)); // of this collection: the store checks it
  }
  const present = names.filter((name) => !fixed.has(name) && side[name] !== undefined);
  const absent = names.filter((name) => !fixed.has(name) && side[name] === undefined);
  const update = {
    ...(present.length > 0 && { $set: Object.fromEntries(present.map((name) => [name, side[name]])) }),
    ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map((name) => [name, ''])) }),
  };
  if (Object.keys(update).length > 0) await records.updateOne({ id }, update);
}

function gone({ collection }: ConflictView): AppError {
  return new AppError('UNKNOWN_COLLECTION', `This version knows no collection ${collection}.`, {
    remedy: 'Update Almanac, then decide.',
  });
}

function viewOf(conflict: Kept): ConflictView {
  const { collection, record_id, reason, at, state, resolution, resolved_at, fields, base, mine, theirs } =
    conflict as unknown as Omit<ConflictView, 'title'>; // checked by the collection's schema
  const sides = { base, mine, theirs };
  return {
    id: conflict.id,
    collection,
    record_id,
    title: titleOf(mine ?? theirs ?? base) || record_id,
    reason,
    at,
    state,
    resolution: resolution ?? null,
    resolved_at: resolved_at ?? null,
    fields: fields ?? [],
    ...sides,
  };
}
