import type { CollectionName } from '../../../shared/collections/registry.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import type { Stamper } from '../../records/meta.ts';
import type { RecordBody, StoredRecord } from '../../records/stored-record.ts';
import type { Base, RecordRef } from '../../sync/ports.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import { dayOf } from '../../sync/base.ts';
import { logPath } from '../layout.ts';
import type { RecordReader } from '../record-reader.ts';
import type { Row } from '../row.ts';

/** What is known of one record's version at a team database: a line of the collection `sync_bases`. */
export interface BaseLine {
  readonly collection: CollectionName;
  readonly recordId: string;
  /** The team database that `base` is about. */
  readonly storeId: string;
  readonly base: Base | null;
  readonly isDirty: boolean;
  /** While dirty: the version that `base` names, where it is known. */
  readonly baseRecord: StoredRecord | null;
  /** The tombstone that the team sees in place of the vault's record, where that was deleted or may not leave any more. */
  readonly standIn: StoredRecord | null;
}

/** What a line's row tells without its file being read. */
export interface LineState {
  readonly storeId: string;
  readonly isDirty: boolean;
  /** There is a stand-in. */
  readonly isApart: boolean;
}

interface Port {
  readonly table: CollectionTable;
  readonly reader: RecordReader;
  /** The vault's own, that knows nothing of bases. */
  readonly stamper: Stamper;
  readonly clock: Clock;
}

/** The lines of `sync_bases`, by the record they are about: `<collection>/<id>` is their id. Lines are never deleted. */
export class BaseLines {
  readonly #port: Port;

  constructor(port: Port) {
    this.#port = port;
  }

  get size(): number {
    return this.#port.table.rows.size;
  }

  has(collection: CollectionName, id: string): boolean {
    return this.#port.table.rows.has(`${collection}/${id}`);
  }

  row(collection: CollectionName, id: string): Row | undefined {
    return this.#port.table.rows.get(`${collection}/${id}`);
  }

  state(collection: CollectionName, id: string): LineState | undefined {
    const row = this.row(collection, id);
    return row && stateOf(row);
  }

  /** Of every line: its record, its state, and when it last changed. */
  *states(): Generator<LineState & RecordRef & { readonly changedAt: string }> {
    for (const row of this.#port.table.rows.values()) {
      const slash = row.view.id.indexOf('/');
      const collection = row.view.id.slice(0, slash) as CollectionName; // as `row` puts them together
      yield { ...stateOf(row), collection, id: row.view.id.slice(slash + 1), changedAt: row.view.updated_at };
    }
  }

  read(collection: CollectionName, id: string): BaseLine | undefined {
    const row = this.row(collection, id);
    return row && this.#parse(this.#port.reader.read(this.#port.table, row));
  }

  /** By record id; ids without a line, or with one that cannot be read, are left out. */
  readMany(collection: CollectionName, ids: readonly string[]): Map<string, BaseLine> {
    return this.#byRecord(ids.flatMap((id) => this.row(collection, id) ?? []));
  }

  /** The lines that stand in the file of this name (`YYYY-MM-DD`); see `files`. */
  readFile(collection: CollectionName, day: string): BaseLine[] {
    const { table } = this.#port;
    const file = table.logFiles.get(logPath(collection, startOf(day)));
    if (file === undefined) return [];
    const ids = [...(table.logRows?.idsIn(file) ?? [])];
    const loose = [...(table.logRows?.loose() ?? [])].filter((row) => row.place.file === file);
    const rows = [...ids.flatMap((id) => table.rows.get(id) ?? []), ...loose];
    return [...this.#byRecord(rows).values()];
  }

  /**
   * Files by the day that they are named by: the first of the month that the first base of their lines was of; those that
   * earlier versions wrote, that very day. By their names alone: a file that a crash left empty has no stream yet.
   */
  *files(collection: CollectionName): Generator<string> {
    for (const path of this.#port.table.logFiles.keys()) {
      const day = path.slice(0, 'YYYY/MM/DD'.length).replaceAll('/', '-');
      if (path === logPath(collection, startOf(day))) yield day;
    }
  }

  /** The operation that makes this the line of its record. */
  put(line: BaseLine): Operation {
    const { table, stamper, clock } = this.#port;
    const before = this.row(line.collection, line.recordId);
    // Its own history is of no use to anybody.
    const record = stamper.stamp(table.definition, bodyOf(line, before, isoNow(clock)));
    return { kind: 'put', table, record, before };
  }

  #byRecord(rows: readonly Row[]): Map<string, BaseLine> {
    const lines = new Map<string, BaseLine>();
    for (const record of this.#port.reader.readMany(this.#port.table, rows)) {
      const line = this.#parse(record);
      if (line) lines.set(line.recordId, line);
    }
    return lines;
  }

  /** A line that somebody has spoilt is as good as none. */
  #parse(record: StoredRecord | undefined): BaseLine | undefined {
    if (record === undefined || typeof record['record_id'] !== 'string') return undefined;
    const base = record['base'] as Base | null | undefined;
    return {
      collection: record['collection'] as CollectionName, // the stream, of which the row was asked for
      recordId: record['record_id'],
      storeId: String(record['store_id']),
      base: isBase(base) ? base : null,
      isDirty: record['state'] !== 'clean',
      baseRecord: versionIn(record['base_record']),
      standIn: versionIn(record['stand_in']),
    };
  }
}

function stateOf({ view }: Row): LineState {
  return { storeId: String(view['store_id']), isDirty: view['state'] !== 'clean', isApart: view['apart'] === true };
}

/**
 * A line stays in the file in which its first version stands. There is one for a month: a sparse vault would have as many
 * of these as it has files of records, and each costs as much to write.
 */
function bodyOf(line: BaseLine, before: Row | undefined, now: string): RecordBody {
  const { collection, recordId, storeId, base, isDirty, baseRecord, standIn } = line;
  const createdAt = before?.view.created_at ?? startOf(firstOf(base?.day ?? dayOf(standIn ?? { created_at: now })));
  return {
    id: `${collection}/${recordId}`,
    collection,
    record_id: recordId,
    store_id: storeId,
    state: isDirty ? 'dirty' : 'clean',
    base,
    ...(baseRecord && { base_record: baseRecord }),
    ...(standIn && { stand_in: standIn, apart: true }),
    created_at: createdAt,
    updated_at: now,
  };
}

function firstOf(day: string): string {
  return `${day.slice(0, 'YYYY-MM'.length)}-01`;
}

function startOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function isBase(base: Partial<Base> | null | undefined): base is Base {
  return typeof base?.rev === 'string' && typeof base.day === 'string' && Array.isArray(base.anc);
}

function versionIn(value: unknown): StoredRecord | null {
  const version = value as StoredRecord | null | undefined;
  return typeof version?._meta?.rev === 'string' ? version : null;
}
