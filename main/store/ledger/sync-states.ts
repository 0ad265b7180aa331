import { sync_state } from '../../../shared/collections/sync_state.ts';
import { AppError } from '../../../shared/errors.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import type { Stamper } from '../../records/meta.ts';
import { stampInsert } from '../../records/stamp.ts';
import { type StoredRecord, bodyOf } from '../../records/stored-record.ts';
import type { SyncState } from '../../sync/ports.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { RecordReader } from '../record-reader.ts';

interface Port {
  readonly table: CollectionTable;
  readonly reader: RecordReader;
  /** The vault's own, that knows nothing of bases. */
  readonly stamper: Stamper;
  readonly clock: Clock;
}

const untouched: Omit<SyncState, 'store_id'> = {
  epoch: 0,
  resume_token: null,
  poll_cursor: null,
  last_synced_at: null,
  last_full_sync_at: null,
  last_verified_at: null,
  quarantine: [],
  decision: null,
};

/** What is remembered of team databases: a record of `sync_state` each, one of them the current one. */
export class SyncStates {
  readonly #port: Port;
  /** undefined: to be read. */
  #current: SyncState | null | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  get size(): number {
    return this.#port.table.rows.size;
  }

  forget(): void {
    this.#current = undefined;
  }

  /** Null before the first contact with a team database. */
  current(): SyncState | null {
    if (this.#current === undefined) {
      const found = this.#records().filter((record) => record['current'] === true);
      const [latest] = found.sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
      this.#current = latest === undefined ? null : stateIn(latest);
    }
    return this.#current;
  }

  /** What `change` makes of the current state. BAD_INPUT where it names no team database and none is known. */
  changed(change: Partial<SyncState>): SyncState {
    const current = this.current();
    const storeId = change.store_id ?? current?.store_id;
    if (storeId === undefined) throw nameless();
    if (storeId === current?.store_id) return { ...current, ...change };
    const known = this.#records().find(({ id }) => id === storeId);
    return { ...untouched, ...(known && stateIn(known)), ...change, store_id: storeId };
  }

  /** The operations that make this the current state. */
  put(state: SyncState): Operation[] {
    const { table } = this.#port;
    const others = this.#records().filter(({ id, ...record }) => id !== state.store_id && record['current'] === true);
    const { store_id: id, ...fields } = state;
    const known = table.rows.get(id)?.view.created_at;
    return [
      ...others.map((record) => this.#operation({ ...bodyOf(record), current: false })),
      this.#operation({ id, ...fields, current: true, ...(known !== undefined && { created_at: known }) }),
    ];
  }

  #operation(draft: Readonly<Record<string, unknown>>): Operation {
    const { table, stamper, clock } = this.#port;
    const now = isoNow(clock);
    const body = stampInsert(sync_state, { ...draft, updated_at: now }, { id: () => '', now });
    return { kind: 'put', table, record: stamper.stamp(sync_state, body), before: table.rows.get(body.id) };
  }

  #records(): StoredRecord[] {
    const { table, reader } = this.#port;
    return reader.readMany(table, [...table.rows.values()]);
  }
}

/** A record that somebody has spoilt is as good as none: everything is compared anew. */
function stateIn(record: StoredRecord): SyncState {
  const parsed = sync_state.schema.safeParse(record);
  if (!parsed.success) return { ...untouched, store_id: record.id };
  const { current: _, created_at: _created, updated_at: _updated, _meta, id: _id, ...fields } = parsed.data;
  return { ...(fields as unknown as Omit<SyncState, 'store_id'>), store_id: record.id }; // as the schema has it, and as we wrote it
}

function nameless(): AppError {
  return new AppError('BAD_INPUT', 'The state of a team’s database has no name.', {
    remedy: 'Give its store_id with the first state that is kept.',
  });
}
