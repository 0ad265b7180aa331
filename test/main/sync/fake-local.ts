import type { CollectionName } from '../../../shared/collections/registry.ts';
import { createHybridClock, type HybridClock } from '../../../main/lib/hlc.ts';
import { createStamper, type Stamper } from '../../../main/records/meta.ts';
import { bodyOf, type StoredRecord } from '../../../main/records/stored-record.ts';
import { addLanes, bucketOf, lanesOf, noLanes } from '../../../main/sync/lanes.ts';
import type {
  Base,
  CommitResult,
  Lanes,
  LocalPort,
  LocalRefusal,
  LocalState,
  SyncCommit,
  SyncState,
  SyncStep,
} from '../../../main/sync/ports.ts';
import { keyOf } from './fake-remote.ts';
import { definitionOf, tombstoneBody } from './versions.ts';

interface Row {
  /** What the vault's owner sees; null where there never was one, or it is gone. */
  readonly record: StoredRecord | null;
  readonly base: Base | null;
  readonly baseRecord: StoredRecord | null;
  /** The tombstone that the team gets in place of a record that became private. */
  readonly standIn?: StoredRecord | null;
}
const NOTHING: Row = { record: null, base: null, baseRecord: null };

/** Where a crash can happen, or an edit slip in: around each of the port's calls. */
export interface LocalLink {
  pass(operation: keyof LocalPort, phase: 'before' | 'after'): void | Promise<void>;
}

/** A vault as far as the reconciler can tell, with the edits that a person makes. It outlives its reconciler's crashes. */
export class FakeVault {
  readonly replica: string;
  readonly collections: readonly CollectionName[];
  readonly #clock: { now(): number };
  readonly #hlc: HybridClock;
  readonly #stamper: Stamper;
  rows = new Map<CollectionName, Map<string, Row>>();
  syncState: SyncState | null = null;
  #listeners = new Set<() => void>();
  /** Why a version cannot be kept here; null: it can. */
  refuse: (collection: CollectionName, record: StoredRecord) => string | null = () => null;

  constructor(
    replica: string,
    clock: { now(): number },
    collections: readonly CollectionName[] = ['conversations', 'messages', 'memories', 'memory_events', 'conflicts'],
  ) {
    this.replica = replica;
    this.collections = collections;
    this.#clock = clock;
    this.#hlc = createHybridClock(clock, replica);
    this.#stamper = createStamper(this.#hlc, replica);
    for (const name of collections) this.rows.set(name, new Map());
  }

  row(collection: CollectionName, id: string): Row {
    return this.rows.get(collection)?.get(id) ?? NOTHING;
  }

  #set(collection: CollectionName, id: string, row: Row): void {
    this.rows.get(collection)?.set(id, row);
  }

  /** The record as its owner sees it. */
  get(collection: CollectionName, id: string): StoredRecord | null {
    const { record } = this.row(collection, id);
    return record === null || record._meta.del ? null : record;
  }

  // A person's edits

  /** Inserts, or changes fields of, a record; undefined removes a field. */
  edit(collection: CollectionName, id: string, fields: Readonly<Record<string, unknown>>): StoredRecord {
    const row = this.row(collection, id);
    const now = new Date(this.#clock.now()).toISOString();
    const before = row.record;
    const old = before === null || before._meta.del ? { id, created_at: now } : bodyOf(before);
    const created = before?.created_at ?? now;
    const body = withoutUndefined({
      ...old,
      ...fields,
      id,
      created_at: fields['created_at'] ?? created,
      updated_at: now,
    });
    const record = this.#stamper.stamp(definitionOf(collection), body, before?._meta);
    this.#settle(collection, id, row, record);
    return record;
  }

  remove(collection: CollectionName, id: string): void {
    const row = this.row(collection, id);
    if (row.record === null || row.record._meta.del) return;
    this.#settle(collection, id, row, this.#tombstone(collection, row.record, row.record._meta));
  }

  #tombstone(collection: CollectionName, of: StoredRecord, parent: StoredRecord['_meta'] | Base): StoredRecord {
    const body = tombstoneBody(collection, of, new Date(this.#clock.now()).toISOString());
    return this.#stamper.stamp(definitionOf(collection), body, parent, { deleted: true });
  }

  #settle(collection: CollectionName, id: string, row: Row, record: StoredRecord | null, own = true): void {
    const { standIn: _, ...rest } = row;
    const baseRecord =
      rest.baseRecord ?? (row.record !== null && row.record._meta.rev === row.base?.rev ? row.record : null);
    const next: Row = { ...rest, record, baseRecord: record?._meta.rev === row.base?.rev ? null : baseRecord };
    const withdrawn = record !== null && isPrivate(record) && row.base !== null && !row.base.del && !row.base.aside;
    const standIn = withdrawn ? (row.standIn ?? this.#tombstone(collection, record, row.base as Base)) : undefined;
    this.#set(collection, id, standIn === undefined ? next : { ...next, standIn });
    if (own) for (const listener of this.#listeners) listener();
  }

  // The port

  #stateOf({ record, base, baseRecord, standIn }: Row): LocalState {
    if (record !== null && isPrivate(record)) return { local: standIn ?? null, base, baseRecord, withheld: true };
    return { local: record, base, baseRecord };
  }

  #isDirty(row: Row): boolean {
    const { local, base, withheld } = this.#stateOf(row);
    if (local === null || local._meta.rev === base?.rev) return false;
    if (local._meta.del && (base === null || base.del)) return false;
    return !(withheld === true && base?.aside === true);
  }

  #commit({ steps, conflicts = [], state }: SyncCommit): CommitResult {
    const moved = steps.filter(({ collection, id, expected, local: change }) => {
      const { local, withheld } = this.#stateOf(this.row(collection, id));
      if (withheld && change !== undefined) return true;
      return expected !== undefined && (local?._meta.rev ?? null) !== expected;
    });
    const refused = steps.flatMap((step): LocalRefusal[] => {
      const reason = this.#refusal(step);
      return reason === null ? [] : [{ collection: step.collection, id: step.id, ...reason }];
    });
    if (moved.length > 0 || refused.length > 0) {
      return { moved: moved.map(({ collection, id }) => ({ collection, id })), refused };
    }
    for (const step of steps) this.#apply(step);
    for (const conflict of conflicts) this.#insertConflict(conflict);
    if (state !== undefined) this.syncState = { ...(this.syncState as SyncState), ...state };
    return { moved: [], refused: [] };
  }

  #refusal({ collection, id, local }: SyncStep): Pick<LocalRefusal, 'kind' | 'reason'> | null {
    if (local === undefined || !('version' in local)) return null;
    const { version } = local;
    const reason = this.refuse(collection, version);
    if (reason !== null) return { kind: 'invalid', reason };
    if (collection !== 'conversations' || version._meta.del || version['lookup_key'] == null) return null;
    const taken = [...(this.rows.get(collection) ?? [])].some(
      ([other, { record }]) => other !== id && record?.['lookup_key'] === version['lookup_key'],
    );
    return taken ? { kind: 'duplicate-key', reason: 'another record has its unique key' } : null;
  }

  #apply({ collection, id, local, base, baseRecord }: SyncStep): void {
    let row = this.row(collection, id);
    if (base !== undefined) row = { ...row, base, baseRecord: baseRecord ?? null };
    const record = local === undefined ? row.record : this.#become(collection, row, local, id);
    if (row.base !== null) this.#hlc.observe(row.base.hlc);
    if (record === null && row.base === null) {
      this.rows.get(collection)?.delete(id);
      return;
    }
    this.#settle(collection, id, row, record, false);
  }

  #become(
    collection: CollectionName,
    row: Row,
    local: NonNullable<SyncStep['local']>,
    id: string,
  ): StoredRecord | null {
    if ('gone' in local) return null;
    if ('version' in local) {
      this.#hlc.observe(local.version._meta.hlc);
      return local.version;
    }
    this.#hlc.observe(local.parent.hlc);
    if (row.record !== null) this.#hlc.observe(row.record._meta.hlc);
    if ('deleted' in local) {
      const old = row.record ?? ({ id, created_at: new Date(this.#clock.now()).toISOString() } as StoredRecord);
      const body = tombstoneBody(collection, old, new Date(this.#clock.now()).toISOString());
      return this.#stamper.stamp(definitionOf(collection), body, local.parent, { deleted: true });
    }
    return this.#stamper.stamp(definitionOf(collection), withoutUndefined(local.merged), local.parent);
  }

  #insertConflict(conflict: Readonly<Record<string, unknown>>): void {
    const id = String(conflict['id']);
    if (this.row('conflicts', id).record !== null) return;
    const record = this.#stamper.stamp(definitionOf('conflicts'), withoutUndefined(conflict));
    this.#settle('conflicts', id, this.row('conflicts', id), record, false);
  }

  port(link: LocalLink = { pass: () => undefined }): LocalPort {
    const call = async <T>(operation: keyof LocalPort, work: () => T): Promise<T> => {
      await link.pass(operation, 'before');
      const answer = work();
      await link.pass(operation, 'after');
      return answer;
    };
    const rows = (collection: CollectionName): [string, Row][] => [...(this.rows.get(collection) ?? [])];
    const bases = (collection: CollectionName): { id: string; base: Base }[] =>
      rows(collection).flatMap(([id, { base }]) => (base === null ? [] : [{ id, base }]));
    const alive = (collection: CollectionName): StoredRecord[] =>
      rows(collection)
        .map(([, row]) => row.record)
        .filter((record): record is StoredRecord => record !== null && !record._meta.del && !isPrivate(record));
    return {
      replica: this.replica,
      collections: this.collections,
      state: () => call('state', () => this.syncState),
      dirty: (collection, limit, without) =>
        call('dirty', () =>
          rows(collection)
            .filter(([id, row]) => this.#isDirty(row) && !without?.has(id))
            .map(([id, row]) => ({ id, hlc: this.#stateOf(row).local?._meta.hlc ?? '' }))
            .sort((a, b) => (a.hlc < b.hlc ? -1 : 1))
            .slice(0, limit)
            .map(({ id }) => id),
        ),
      countDirty: () =>
        call('countDirty', () =>
          Object.fromEntries(
            this.collections.map((name) => [name, rows(name).filter(([, row]) => this.#isDirty(row)).length]),
          ),
        ),
      read: (collection, ids, maxBytes = Infinity) =>
        call('read', () => {
          const states = new Map<string, LocalState>();
          let bytes = 0;
          for (const id of ids) {
            const state = this.#stateOf(this.row(collection, id));
            bytes += JSON.stringify(state.local ?? '').length;
            if (states.size > 0 && bytes > maxBytes) break;
            states.set(id, state);
          }
          return states;
        }),
      commit: (commit) => call('commit', () => this.#commit(commit)),
      digest: (collection, level) =>
        call('digest', () => {
          const groups = new Map<string, Lanes>();
          for (const { id, base } of bases(collection)) {
            const lanes = lanesOf(id, base.rev);
            const key = keyOf(level, base.day, () => String(bucketOf(lanes)));
            if (key !== null) groups.set(key, addLanes(groups.get(key) ?? noLanes, lanes));
          }
          return groups;
        }),
      bases: (collection, period, bucket) =>
        call('bases', () =>
          bases(collection)
            .filter(
              ({ id, base }) =>
                base.day.startsWith(period) && (bucket === undefined || bucketOf(lanesOf(id, base.rev)) === bucket),
            )
            .map(({ id, base }) => ({ id, rev: base.rev })),
        ),
      count: (collection) => call('count', () => alive(collection).length),
      async *scan(collection) {
        await link.pass('scan', 'before');
        for (const record of alive(collection).sort((a, b) => (a.id < b.id ? -1 : 1))) yield [record];
      },
      onChange: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
    };
  }
}

function isPrivate(record: StoredRecord): boolean {
  return record['scope'] === 'private' || record['scope'] === 'device';
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): StoredRecord {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as StoredRecord;
}
