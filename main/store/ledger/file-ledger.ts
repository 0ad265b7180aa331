import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { ChangeBatch, DeleteOptions } from '../../../shared/store/store.ts';
import { compareValues } from '../../query/compare-values.ts';
import type { Stamper } from '../../records/meta.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type {
  CommitResult,
  DigestLevel,
  Lanes,
  LocalPort,
  LocalState,
  RevRef,
  SyncCommit,
  SyncState,
} from '../../sync/ports.ts';
import { type Operation, recordId } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import { unknownCollection } from '../file-collection.ts';
import type { RecordReader } from '../record-reader.ts';
import type { Row } from '../row.ts';
import { createSerialQueue } from '../serial-queue.ts';
import { createTimeSlices } from '../time-slices.ts';
import type { VaultParts } from '../vault-parts.ts';
import { BaseDigests } from './base-digests.ts';
import { type BaseLine, BaseLines } from './base-lines.ts';
import { compareBases } from './compare-bases.ts';
import { DirtyRecords } from './dirty-records.ts';
import { versionsOfEdits } from './edited-files.ts';
import { heldRecords, rowsOf } from './held-records.ts';
import { isSyncing, mayLeave, syncingCollections } from './leaving.ts';
import { withLineage } from './lineage.ts';
import { linesFor } from './local-changes.ts';
import { type Prepared, prepareCommit } from './prepare-commit.ts';
import { createRecentReads } from './recent-reads.ts';
import type { Held } from './sync-plan.ts';
import { SyncStates } from './sync-states.ts';

/** The vault's side of synchronising. */
export interface Ledger extends LocalPort {
  /**
   * As `read`, without looking whether another program has changed a record's file: that takes longer than reading it, and
   * can be done elsewhere. Whoever finds a `local` that is not intact has to `read` it.
   */
  readUnchecked(
    collection: CollectionName,
    ids: readonly string[],
    maxBytes?: number,
  ): Promise<ReadonlyMap<string, LocalState>>;
  /**
   * Compares every base with its record, and puts right what files that changed without a commit (restored from a
   * backup, read anew) made untrue. Reads all records that have a base. Returns how many were not as they should be.
   */
  compare(signal?: AbortSignal): Promise<number>;
}

interface Port {
  readonly parts: Pick<VaultParts, 'tables' | 'stamper' | 'clock' | 'hlc'>;
  readonly replica: string;
  readonly reader: RecordReader;
  readonly assertOpen: () => void;
  /** Runs one write at a time; resolves when what it committed is durable. */
  readonly write: <T>(work: () => Promise<T>) => Promise<T>;
  readonly isReadOnly: boolean;
  /** Commits exactly these operations. */
  readonly commit: (operations: readonly Operation[], options: DeleteOptions) => void;
  /** Commits as the vault does whatever it does by itself, `linesFor` included. */
  readonly commitOwn: (operations: readonly Operation[], options: DeleteOptions) => void;
  /** Groups refused so far: what memory had followed was taken back then. */
  readonly refusals: () => number;
  readonly watch: (listener: (changes: ChangeBatch) => void) => () => void;
}

/** Records read at a time for a scan. */
const CHUNK = 256;

/**
 * What the vault knows of a team's database, kept in its own collections `sync_bases` and `sync_state`, so that a record
 * and its base change in one commit. The vault's own commits pass `linesFor` and `committed`; a vault that never met a
 * database has no lines and pays for none.
 */
export class FileLedger implements Ledger {
  readonly collections = syncingCollections;
  readonly replica: string;
  /** For all versions that the vault makes by itself. */
  readonly stamper: Stamper;
  readonly #port: Port;
  readonly #lines: BaseLines;
  readonly #states: SyncStates;
  readonly #dirty: DirtyRecords;
  readonly #digests: BaseDigests;
  readonly #slices = createTimeSlices();
  readonly #recent = createRecentReads();
  /** Commits, and readings of bases that none may change meanwhile. */
  readonly #queue = createSerialQueue();
  #refusalsSeen = 0;

  constructor(port: Port) {
    const { tables, stamper, clock } = port.parts;
    this.#port = port;
    this.replica = port.replica;
    const basics = { reader: port.reader, stamper, clock };
    this.#lines = new BaseLines({ ...basics, table: this.#table('sync_bases') });
    this.#states = new SyncStates({ ...basics, table: this.#table('sync_state') });
    const shared = { lines: this.#lines, slices: this.#slices, storeId: () => this.#storeId };
    this.#dirty = new DirtyRecords({ ...shared, tables });
    this.#digests = new BaseDigests(shared);
    this.stamper = withLineage(stamper, this.#lines);
  }

  /** The lines that have to be committed together with these operations of the vault's own. */
  linesFor(operations: readonly Operation[]): Operation[] {
    if (this.#lines.size === 0 && this.#states.size === 0) return [];
    const { reader, parts } = this.#port;
    const { stamper, clock } = parts;
    return linesFor({ lines: this.#lines, reader, stamper, clock, storeId: () => this.#storeId }, operations);
  }

  /** To be called once memory has these operations of the vault's own. */
  committed(operations: readonly Operation[]): void {
    for (const operation of operations) this.#dirty.touched(operation.table.name, recordId(operation));
  }

  /**
   * Lets go of the former versions that are kept for a merge, where this is so of their lines. What waits to be sent is
   * then sent upon what the server is found to hold. Returns how many.
   */
  async dropFormer(isConcerned: (line: BaseLine) => boolean): Promise<number> {
    this.#begin();
    let count = 0;
    for (const [collection, ids] of this.#dirtyLines()) {
      for (let start = 0; start < ids.length; start += CHUNK) {
        const some = ids.slice(start, start + CHUNK);
        count += await this.#port.write(async () => {
          const found = [...this.#lines.readMany(collection, some).values()].filter(isConcerned);
          const operations = found.map((line) => this.#lines.put({ ...line, baseRecord: null }));
          if (operations.length > 0) this.#port.commit(operations, { source: 'remote' });
          return operations.length;
        });
      }
    }
    return count;
  }

  #dirtyLines(): Map<CollectionName, string[]> {
    const found = new Map<CollectionName, string[]>();
    for (const { collection, id, isDirty } of this.#lines.states()) {
      if (isDirty) found.set(collection, [...(found.get(collection) ?? []), id]);
    }
    return found;
  }

  /** Memory was read anew, or went back. */
  forget(): void {
    this.#states.forget();
    this.#dirty.forget();
    this.#digests.forget();
  }

  async state(): Promise<SyncState | null> {
    this.#begin();
    return this.#states.current();
  }

  async dirty(collection: CollectionName, limit: number, without?: ReadonlySet<string>): Promise<readonly string[]> {
    this.#begin();
    const ids: string[] = [];
    if (limit <= 0) return ids;
    for (const id of await this.#dirty.of(collection)) {
      if (without?.has(id)) continue;
      if (ids.push(id) === limit) break;
    }
    return ids;
  }

  async countDirty(): Promise<Readonly<Partial<Record<CollectionName, number>>>> {
    this.#begin();
    return this.#dirty.counts();
  }

  async read(
    collection: CollectionName,
    wanted: readonly string[],
    maxBytes?: number,
  ): Promise<ReadonlyMap<string, LocalState>> {
    this.#begin();
    const rows = rowsOf(this.#table(collection), wanted);
    const ids = maxBytes === undefined ? wanted : fitting(rows, wanted, maxBytes);
    if (!isSyncing(collection)) return nothingOf(ids);
    const held = await this.#hold(collection, ids, rows);
    this.#recent.note(collection, held);
    return new Map([...held].map(([id, { state, isEdited }]) => [id, isEdited ? notNow(state) : state]));
  }

  async readUnchecked(
    collection: CollectionName,
    wanted: readonly string[],
    maxBytes = Infinity,
  ): Promise<ReadonlyMap<string, LocalState>> {
    this.#begin();
    const rows = rowsOf(this.#table(collection), wanted);
    const ids = fitting(rows, wanted, maxBytes);
    if (!isSyncing(collection)) return nothingOf(ids);
    const holder = { ...this.#holder, isUnchecked: true };
    const held = heldRecords(holder, collection, ids, this.#storeId, rows);
    this.#recent.note(collection, held);
    return new Map([...held].map(([id, { state, isEdited }]) => [id, isEdited ? notNow(state) : state]));
  }

  /** What another program made of a record's file becomes a version first. */
  async #hold(
    collection: CollectionName,
    ids: readonly string[],
    rows?: Map<string, Row>,
  ): Promise<ReadonlyMap<string, Held>> {
    const look = (known?: Map<string, Row>): Map<string, Held> =>
      heldRecords(this.#holder, collection, ids, this.#storeId, known);
    const held = look(rows);
    const edited = [...held].flatMap(([id, { isEdited, record }]) => (isEdited && record ? [id] : []));
    if (edited.length === 0 || this.#port.isReadOnly) return held;
    await this.#port.write(async () => {
      const again = heldRecords(this.#holder, collection, edited, this.#storeId);
      this.#port.commitOwn(versionsOfEdits(this.#port.parts, again.values()), { source: 'external' });
    });
    return look();
  }

  async commit(commit: SyncCommit): Promise<CommitResult> {
    this.#begin();
    const result = await this.#queue.run(() =>
      this.#port.write(async () => {
        this.#begin();
        const { clock, hlc, stamper } = this.#port.parts;
        const recall = this.#recent.take;
        const port = { ...this.#holder, recall, clock, hlc, stamper, states: this.#states, slices: this.#slices };
        const prepared = await prepareCommit(port, commit);
        if ('result' in prepared) return prepared.result;
        this.#port.commit(prepared.operations, { source: 'remote', trashBatch: trashBatchOf(clock.now()) });
        this.#follow(prepared);
        return { moved: [], refused: [] };
      }),
    );
    await this.#dirty.find();
    return result;
  }

  digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>> {
    return this.#queue.run(() => {
      this.#begin();
      return this.#digests.digest(collection, level);
    });
  }

  bases(collection: CollectionName, period: string, bucket?: number): Promise<readonly RevRef[]> {
    return this.#queue.run(() => {
      this.#begin();
      return this.#digests.bases(collection, period, bucket);
    });
  }

  async count(collection: CollectionName): Promise<number> {
    this.#begin();
    const { rows, definition } = this.#table(collection);
    if (!isSyncing(collection)) return 0;
    if (definition.scopeField === undefined && definition.holdField === undefined) return rows.size;
    let count = 0;
    for (const { view } of rows.values()) if (mayLeave(definition, view)) count += 1;
    return count;
  }

  async *scan(collection: CollectionName): AsyncGenerator<readonly StoredRecord[]> {
    this.#begin();
    const table = this.#table(collection);
    if (!isSyncing(collection)) return;
    const ids = [...table.rows.keys()].sort(compareValues);
    for (let start = 0; start < ids.length; start += CHUNK) {
      this.#port.assertOpen();
      const some = ids.slice(start, start + CHUNK);
      const rows = some
        .flatMap((id) => table.rows.get(id) ?? [])
        .filter(({ view }) => mayLeave(table.definition, view));
      const records = this.#port.reader.readMany(table, rows);
      if (records.length > 0) yield records;
      await this.#slices.pause();
    }
  }

  onChange(listener: () => void): () => void {
    return this.#port.watch(({ source }) => {
      if (source !== 'remote') listener();
    });
  }

  async compare(signal?: AbortSignal): Promise<number> {
    this.#begin();
    this.forget();
    const { write, commit } = this.#port;
    const work = (): Promise<number> =>
      compareBases(
        {
          ...this.#holder,
          slices: this.#slices,
          storeId: this.#storeId,
          versions: (collection, ids) => this.#hold(collection, ids),
          commit: (prepare) => write(async () => commit(prepare(), { source: 'remote' })),
        },
        signal,
      );
    try {
      return await this.#queue.run(work);
    } finally {
      this.forget();
    }
  }

  get #storeId(): string {
    return this.#states.current()?.store_id ?? '';
  }

  get #holder() {
    return {
      lines: this.#lines,
      reader: this.#port.reader,
      tableOf: (name: CollectionName): CollectionTable => this.#table(name),
    };
  }

  #table(name: CollectionName): CollectionTable {
    const table = this.#port.parts.tables.get(name);
    if (!table) throw unknownCollection(name);
    return table;
  }

  #begin(): void {
    this.#port.assertOpen();
    const refusals = this.#port.refusals();
    if (refusals !== this.#refusalsSeen) this.forget();
    this.#refusalsSeen = refusals;
  }

  /** What memory keeps follows a commit of the reconciler's. */
  #follow({ lines, state, touched }: Prepared): void {
    const isOther = state !== undefined && state.store_id !== this.#storeId;
    if (state) this.#states.forget();
    if (isOther) return this.forget();
    for (const { collection, recordId: id, before, base } of lines) this.#digests.changed(collection, id, before, base);
    for (const { collection, id } of touched) this.#dirty.touched(collection, id);
  }
}

/** As many ids, from the first on, as their records' bytes fit; never none. */
function fitting(rows: ReadonlyMap<string, Row>, ids: readonly string[], maxBytes: number): readonly string[] {
  let bytes = 0;
  const end = ids.findIndex((id, at) => {
    const place = rows.get(id)?.place;
    bytes += place === undefined ? 0 : (place.pending?.length ?? place.length);
    return at > 0 && bytes > maxBytes;
  });
  return end < 0 ? ids : ids.slice(0, end);
}

function nothingOf(ids: readonly string[]): ReadonlyMap<string, LocalState> {
  return new Map(ids.map((id) => [id, { local: null, base: null, baseRecord: null }]));
}

/** A record whose file holds what cannot be a version: it is kept here until somebody has put it right. */
function notNow({ base }: LocalState): LocalState {
  return { local: null, base, baseRecord: null, withheld: true };
}

/** What the team deleted on one day can be brought back together. */
function trashBatchOf(nowMs: number): string {
  return `team-${new Date(nowMs).toISOString().slice(0, 10)}`;
}
