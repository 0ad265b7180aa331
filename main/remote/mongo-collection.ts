import type { Collection as ServerCollection, Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type {
  Change,
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
import { isoNow } from '../lib/clock.ts';
import { applyUpdate } from '../query/apply-update.ts';
import { project } from '../query/project.ts';
import { upsertSeed } from '../query/upsert-seed.ts';
import { stampUpdate } from '../records/stamp.ts';
import { type StoredRecord, bodyOf } from '../records/stored-record.ts';
import type { PlannedWrite } from './apply-ops.ts';
import { type CollectionReader, type ReadRecord, createCollectionReader } from './collection-reader.ts';
import { deletedWrite } from './deleted-write.ts';
import { type Plan as Placed, writeTogether } from './planned-writes.ts';
import { insertPlan } from './plan-inserts.ts';
import { createServerIndex } from './server-index.ts';
import type { StorePort } from './store-port.ts';
import { changeOp } from './write-op.ts';

/** A plan for this collection alone. */
type Plan<R> = Omit<Placed<R>, 'writes'> & { readonly writes: readonly PlannedWrite[] };

type Outcome = Pick<UpdateResult, 'matchedCount' | 'modifiedCount' | 'upsertedId'> & {
  readonly before: StoredRecord | null;
  readonly after: StoredRecord | null;
};

/**
 * A collection of the team database. Writes read the records, compute here what becomes of them (the same code, the same
 * answers and refusals as in a vault), and put each in the place of the very version that was read; where somebody was
 * quicker they begin anew.
 */
export class MongoCollection<T> implements Collection<T> {
  readonly name: CollectionName;
  readonly #definition: CollectionDefinition;
  readonly #port: StorePort;
  readonly #server: ServerCollection<Document>;
  readonly #reader: CollectionReader;

  constructor(name: CollectionName, definition: CollectionDefinition, port: StorePort) {
    this.name = name;
    this.#definition = definition;
    this.#port = port;
    this.#server = port.connection.db.collection(definition.mongo.collection);
    this.#reader = createCollectionReader(name, definition, this.#server, port);
  }

  async findOne(filter: Filter, options: FindOptions = {}): Promise<Stored<T> | null> {
    return (await this.find(filter, { ...options, limit: 1 }))[0] ?? null;
  }

  async find(filter: Filter = {}, options: FindOptions = {}): Promise<Stored<T>[]> {
    const found: Stored<T>[] = [];
    for await (const record of this.stream(filter, options)) found.push(record);
    return found;
  }

  async *stream(filter: Filter = {}, options: FindOptions = {}): AsyncGenerator<Stored<T>> {
    this.#port.assertOpen();
    const isPart = options.projection !== undefined && Object.keys(options.projection).length > 0;
    // Records were validated when they were written.
    if (isPart) for await (const part of this.#reader.parts(filter, options)) yield part as unknown as Stored<T>;
    else for await (const read of this.#reader.records(filter, options)) yield read.record as unknown as Stored<T>;
  }

  count(filter: Filter = {}): Promise<number> {
    return this.#port.run(() => this.#reader.count(filter));
  }

  explain(filter: Filter = {}, options: FindOptions = {}): Promise<Explanation> {
    return this.#port.run(() => this.#reader.explain(filter, options));
  }

  async insertOne(draft: Draft<T>, options: WriteOptions = {}): Promise<InsertOneResult> {
    const { insertedIds } = await this.insertMany([draft], options);
    return { acknowledged: true, insertedId: insertedIds[0] ?? '' };
  }

  insertMany(drafts: readonly Draft<T>[], options: WriteOptions = {}): Promise<InsertManyResult> {
    return this.#write(options, async (attempt) => {
      const records = await this.#inserts(drafts, attempt);
      const insertedIds = Object.fromEntries(records.map(({ record }, at) => [at, record.id]));
      const result = { acknowledged: true as const, insertedCount: records.length, insertedIds };
      return { writes: records, changes: this.#changes('insert', records), result };
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
    return this.#port.run(() => createServerIndex(this.#server, this.name, { ...options, fields }));
  }

  #write<R>(options: WriteOptions, plan: (attempt: number) => Promise<Plan<R>>): Promise<R> {
    const place = { collection: this.#server, name: this.name };
    const placed = async (attempt: number): Promise<Placed<R>> => {
      const planned = await plan(attempt);
      return { ...planned, writes: planned.writes.map((write) => ({ ...write, place })) };
    };
    return this.#port.run(() => writeTogether(this.#port, options, placed));
  }

  #inserts(drafts: readonly Readonly<Record<string, unknown>>[], attempt: number): Promise<PlannedWrite[]> {
    const [definition, server, port] = [this.#definition, this.#server, this.#port];
    // One new record is sent without a look first; only where its id turns out to be taken is there one.
    return insertPlan({ definition, server, port }, drafts, drafts.length > 1 || attempt > 1);
  }

  #update(filter: Filter, update: Update, options: UpdateOptions, find: FindOptions): Promise<Outcome> {
    return this.#write(options, async (attempt): Promise<Plan<Outcome>> => {
      const now = isoNow(this.#port.clock);
      applyUpdate({}, update, { now, isInsert: false }); // an update that cannot be read is an error even where nothing matches
      const reads = await this.#read(filter, find);
      if (reads.length === 0 && options.upsert) return this.#upsert(filter, update, now, attempt);
      const writes = reads.flatMap((read) => this.#updated(read, update, now));
      const before = reads[0]?.record ?? null;
      const after = writes.find(({ record }) => record.id === before?.id)?.record ?? before;
      const counts = { matchedCount: reads.length, modifiedCount: writes.length, upsertedId: null };
      return { writes, changes: this.#changes('update', writes), result: { ...counts, before, after } };
    });
  }

  #updated(read: ReadRecord, update: Update, now: string): PlannedWrite[] {
    const body = bodyOf(read.record);
    const updated = applyUpdate(body, update, { now, isInsert: false });
    if (!updated.modified) return [];
    const next = stampUpdate(this.#definition, body, updated.record, update, now);
    if (next === null) return [];
    const record = this.#port.stamper.stamp(this.#definition, next, read.record._meta);
    return [{ op: changeOp(record, read), record, before: read.document }];
  }

  async #upsert(filter: Filter, update: Update, now: string, attempt: number): Promise<Plan<Outcome>> {
    const { record: draft } = applyUpdate(upsertSeed(filter), update, { now, isInsert: true });
    const writes = await this.#inserts([draft], attempt);
    const after = writes[0]?.record ?? null;
    const counts = { matchedCount: 0, modifiedCount: 0, upsertedId: after?.id ?? null };
    const result = { ...counts, before: null, after };
    return { writes, changes: this.#changes('insert', writes), result, isUpsert: true };
  }

  #delete(filter: Filter, options: DeleteOptions, find: FindOptions): Promise<DeleteResult> {
    return this.#write(options, async () => {
      const now = isoNow(this.#port.clock);
      const writes = (await this.#read(filter, find)).map((read) =>
        deletedWrite(this.#definition, this.#port, read, now),
      );
      const result = { acknowledged: true as const, deletedCount: writes.length };
      return { writes, changes: this.#changes('delete', writes), result };
    });
  }

  async #read(filter: Filter, find: FindOptions): Promise<ReadRecord[]> {
    const reads: ReadRecord[] = [];
    for await (const read of this.#reader.records(filter, find)) reads.push(read);
    return reads;
  }

  #stream(record: StoredRecord): Record<string, unknown> {
    const { streamField } = this.#definition;
    return streamField === undefined ? {} : { [streamField]: record[streamField] };
  }

  #changes(type: Change['type'], writes: readonly PlannedWrite[]): Change[] {
    return writes.map(({ record }) => {
      const [stream] = Object.values(this.#stream(record));
      return { collection: this.name, type, id: record.id, ...(typeof stream === 'string' && { stream }) };
    });
  }
}

function resultOf({ matchedCount, modifiedCount, upsertedId }: Outcome): UpdateResult {
  return { acknowledged: true, matchedCount, modifiedCount, upsertedCount: upsertedId === null ? 0 : 1, upsertedId };
}
