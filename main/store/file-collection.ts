import type { CollectionName } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type {
  Collection,
  DeleteOptions,
  DeleteResult,
  Draft,
  Explanation,
  Filter,
  FindOneAndUpdateOptions,
  FindOptions,
  IndexSpec,
  InsertManyResult,
  InsertOneResult,
  SortSpec,
  Stored,
  Update,
  UpdateOptions,
  UpdateResult,
  WriteOptions,
} from '../../shared/store/store.ts';
import { type Clock, isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { applyUpdate } from '../query/apply-update.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { project } from '../query/project.ts';
import { upsertSeed } from '../query/upsert-seed.ts';
import type { Operation } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { deletion } from './deletion.ts';
import type { Stamper } from '../records/meta.ts';
import type { RecordReader } from './record-reader.ts';
import { coversFilter } from './row.ts';
import { explain, present, recordsOf, select, selectParts } from './select.ts';
import { stampInsert, stampUpdate } from '../records/stamp.ts';
import { type RecordBody, type StoredRecord, bodyOf } from '../records/stored-record.ts';
import type { TimeSlices } from './time-slices.ts';
import { duplicateId, guardUnique } from './unique-guard.ts';

/** What a collection needs of its vault. */
export interface CollectionPort {
  readonly clock: Clock;
  readonly stamper: Stamper;
  readonly reader: RecordReader;
  readonly slices: TimeSlices;
  assertOpen(): void;
  /** Runs one write at a time, again where a file had changed behind the index. VAULT_READ_ONLY, VAULT_CLOSED. */
  write<T>(work: () => T | Promise<T>): Promise<T>;
  commit(operations: readonly Operation[], options: DeleteOptions): void;
  addIndex(table: CollectionTable, spec: IndexSpec): string;
}

type Outcome = Pick<UpdateResult, 'matchedCount' | 'modifiedCount' | 'upsertedId'> & {
  readonly before: StoredRecord | null;
  readonly after: StoredRecord | null;
};

/** MongoDB's collection over a table of the vault. Writes are gathered, checked and computed whole before one commit. */
export class FileCollection<T> implements Collection<T> {
  readonly name: CollectionName;
  readonly #table: CollectionTable;
  readonly #port: CollectionPort;

  constructor(table: CollectionTable, port: CollectionPort) {
    this.name = table.name;
    this.#table = table;
    this.#port = port;
  }

  async findOne(filter: Filter, options: FindOptions = {}): Promise<Stored<T> | null> {
    const id = onlyId(filter);
    if (id !== undefined && Object.keys(options).length === 0) return this.#byId(id);
    return (await this.find(filter, { ...options, limit: 1 }))[0] ?? null;
  }

  async find(filter: Filter = {}, options: FindOptions = {}): Promise<Stored<T>[]> {
    this.#port.assertOpen();
    const parts = selectParts(this.#table, filter, options);
    if (parts !== undefined) return parts as unknown as Stored<T>[]; // validated when written, as below
    const matches = await select(this.#port, this.#table, filter, options);
    const reader = this.#port.reader.lately;
    return present({ ...this.#port, reader }, this.#table, matches, options.projection) as unknown as Stored<T>[];
  }

  #byId(id: string): Stored<T> | null {
    this.#port.assertOpen();
    const row = this.#table.rows.get(id);
    const record = row && this.#port.reader.lately.read(this.#table, row);
    return (record ?? null) as unknown as Stored<T> | null;
  }

  async *stream(filter: Filter = {}, options: FindOptions = {}): AsyncGenerator<Stored<T>> {
    this.#port.assertOpen();
    const isRowEnough = coversFilter(this.#table.shape, filter);
    // Records read to judge the filter are let go again: only rows may pile up.
    const rows = (await select(this.#port, this.#table, filter, options)).map(({ row }) => ({
      row,
      record: undefined,
    }));
    const matches = isRowEnough ? () => true : compileFilter(filter);
    for (const match of rows) {
      this.#port.assertOpen();
      const [record] = recordsOf(this.#port, this.#table, [match]);
      if (record && matches(record)) {
        yield (options.projection ? project(record, options.projection) : record) as unknown as Stored<T>;
      }
    }
  }

  async count(filter: Filter = {}): Promise<number> {
    this.#port.assertOpen();
    if (Object.keys(filter).length === 0) return this.#table.rows.size;
    return (await select(this.#port, this.#table, filter, {})).length;
  }

  async explain(filter: Filter = {}, options: FindOptions = {}): Promise<Explanation> {
    this.#port.assertOpen();
    compileFilter(filter); // throws on what cannot be read
    return explain(this.#table, filter, options);
  }

  async insertOne(draft: Draft<T>, options: WriteOptions = {}): Promise<InsertOneResult> {
    const insertedId = await this.#port.write(() => {
      const body = this.#newBody(draft);
      this.#commit([this.#put(body)], options);
      return body.id;
    });
    return { acknowledged: true, insertedId };
  }

  insertMany(drafts: readonly Draft<T>[], options: WriteOptions = {}): Promise<InsertManyResult> {
    return this.#port.write(() => {
      const seen = new Set<string>();
      const bodies = drafts.map((draft) => {
        const body = this.#newBody(draft);
        if (seen.has(body.id)) throw duplicateId(this.name, body.id);
        seen.add(body.id);
        return body;
      });
      this.#commit(
        bodies.map((body) => this.#put(body)),
        options,
      );
      return { acknowledged: true as const, insertedCount: bodies.length, insertedIds: idsByPlace(bodies) };
    });
  }

  async updateOne(filter: Filter, update: Update, options: UpdateOptions = {}): Promise<UpdateResult> {
    return resultOf(await this.#update(filter, update, options, { limit: 1 }));
  }

  async updateMany(filter: Filter, update: Update, options: UpdateOptions = {}): Promise<UpdateResult> {
    return resultOf(await this.#update(filter, update, options, {}));
  }

  async findOneAndUpdate(
    filter: Filter,
    update: Update,
    options: FindOneAndUpdateOptions = {},
  ): Promise<Stored<T> | null> {
    const { sort, projection, returnDocument = 'before' } = options;
    if (projection) project({}, projection);
    const outcome = await this.#update(filter, update, options, { limit: 1, ...(sort && { sort }) });
    const record = returnDocument === 'before' ? outcome.before : outcome.after;
    if (record === null) return null;
    return (projection ? project(record, projection) : record) as unknown as Stored<T>;
  }

  deleteOne(filter: Filter, options: DeleteOptions = {}): Promise<DeleteResult> {
    return this.#delete(filter, options, { limit: 1 });
  }

  deleteMany(filter: Filter = {}, options: DeleteOptions = {}): Promise<DeleteResult> {
    return this.#delete(filter, options, {});
  }

  createIndex(fields: SortSpec, options: Omit<IndexSpec, 'fields'> = {}): Promise<string> {
    return this.#port.write(() => this.#port.addIndex(this.#table, { ...options, fields }));
  }

  #newBody(draft: Readonly<Record<string, unknown>>): RecordBody {
    const { clock } = this.#port;
    const body = stampInsert(this.#table.definition, draft, { id: () => newId(clock), now: isoNow(clock) });
    if (this.#table.rows.has(body.id)) throw duplicateId(this.name, body.id);
    return body;
  }

  #put(body: RecordBody, before?: StoredRecord): Operation {
    const record = this.#port.stamper.stamp(this.#table.definition, body, before?._meta);
    return { kind: 'put', table: this.#table, record, before: before && this.#table.rows.get(before.id) };
  }

  #commit(operations: readonly Operation[], options: DeleteOptions): void {
    guardUnique(operations);
    this.#port.commit(operations, options);
  }

  #update(filter: Filter, update: Update, options: UpdateOptions, find: FindOptions): Promise<Outcome> {
    return this.#port.write(async () => {
      const now = isoNow(this.#port.clock);
      applyUpdate({}, update, { now, isInsert: false }); // an update that cannot be read is an error even where nothing matches
      const matches = await select(this.#port, this.#table, filter, find);
      const records = recordsOf(this.#port, this.#table, matches);
      if (records.length === 0 && options.upsert) return this.#upsert(filter, update, options, now);
      const operations = records.flatMap((before) => this.#updated(before, update, now));
      this.#commit(operations, options);
      const [before = null] = records;
      const [operation] = operations;
      const after = operation?.kind === 'put' ? operation.record : before;
      return { matchedCount: records.length, modifiedCount: operations.length, upsertedId: null, before, after };
    });
  }

  #updated(before: StoredRecord, update: Update, now: string): Operation[] {
    const body = bodyOf(before);
    const updated = applyUpdate(body, update, { now, isInsert: false });
    if (!updated.modified) return [];
    const next = stampUpdate(this.#table.definition, body, updated.record, update, now);
    return next === null ? [] : [this.#put(next, before)];
  }

  #upsert(filter: Filter, update: Update, options: UpdateOptions, now: string): Outcome {
    const { record: draft } = applyUpdate(upsertSeed(filter), update, { now, isInsert: true });
    const operation = this.#put(this.#newBody(draft));
    this.#commit([operation], options);
    const after = operation.kind === 'put' ? operation.record : null;
    return { matchedCount: 0, modifiedCount: 0, upsertedId: after?.id ?? null, before: null, after };
  }

  #delete(filter: Filter, options: DeleteOptions, find: FindOptions): Promise<DeleteResult> {
    return this.#port.write(async () => {
      const records = recordsOf(this.#port, this.#table, await select(this.#port, this.#table, filter, find));
      const now = isoNow(this.#port.clock);
      this.#commit(
        records.flatMap((record) => deletion(this.#table, this.#port.stamper, record, now)),
        options,
      );
      return { acknowledged: true, deletedCount: records.length };
    });
  }
}

/** The id that a filter asks for and nothing else. */
function onlyId(filter: Filter): string | undefined {
  const [name, ...others] = Object.keys(filter);
  const id = others.length === 0 && (name === 'id' || name === '_id') ? filter[name] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function idsByPlace(bodies: readonly RecordBody[]): Readonly<Record<number, string>> {
  return Object.fromEntries(bodies.map(({ id }, at) => [at, id]));
}

function resultOf({ matchedCount, modifiedCount, upsertedId }: Outcome): UpdateResult {
  return {
    acknowledged: true,
    matchedCount,
    modifiedCount,
    upsertedCount: upsertedId === null ? 0 : 1,
    upsertedId,
  };
}

export function unknownCollection(name: string): AppError {
  return new AppError('UNKNOWN_COLLECTION', `There is no collection "${name}".`, {
    remedy: 'See `almanac status` for the collections there are.',
    details: { collection: name },
  });
}
