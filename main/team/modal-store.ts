import { type CollectionName, registry } from '../../shared/collections/registry.ts';
import type { Collection, Store } from '../../shared/store/store.ts';

export interface ReadSource {
  /**
   * The team's database while reads of this collection are its to serve: mode `remote`, connected, and nothing of the
   * collection waiting here, so that nobody misses what they wrote a moment ago. Null: the vault serves.
   */
  remote(collection: CollectionName): Promise<Store | null>;
  /** A read there failed or took too long; the vault has answered instead. */
  onAway(error: unknown): void;
  /** How long a read waits for the server before the vault answers, milliseconds. */
  readonly patienceMs?: number;
}

const USUAL_PATIENCE_MS = 1_500;

/**
 * One Store whose reads come from the team's database or from the vault, whichever `source` says; writes always go to the
 * vault, which loses nothing, and reach the team from there. A server that is away is not noticed but for `onAway`.
 */
export function createModalStore(local: Store, source: ReadSource): Store {
  const patienceMs = source.patienceMs ?? USUAL_PATIENCE_MS;
  return {
    collection: (name) => modalCollection(local.collection(name), source, patienceMs),
    watch: (listener) => local.watch(listener),
    close: () => local.close(),
  };
}

function modalCollection<T>(local: Collection<T>, source: ReadSource, patienceMs: number): Collection<T> {
  if (registry[local.name].scope !== 'team') return local;

  async function read<R>(from: (collection: Collection<T>) => Promise<R>): Promise<R> {
    const store = await source.remote(local.name);
    if (store === null) return from(local);
    try {
      // The same collection of the registry, so the same records.
      return await within(patienceMs, from(store.collection(local.name) as unknown as Collection<T>));
    } catch (error) {
      if (isCallersFault(error)) throw error;
      source.onAway(error);
      return from(local);
    }
  }

  return {
    name: local.name,
    findOne: (filter, options) => read((collection) => collection.findOne(filter, options)),
    find: (filter, options) => read((collection) => collection.find(filter, options)),
    count: (filter) => read((collection) => collection.count(filter)),
    explain: (filter, options) => read((collection) => collection.explain(filter, options)),
    // Half of a result from each side would be neither: long reads are the vault's.
    stream: (filter, options) => local.stream(filter, options),
    insertOne: (draft, options) => local.insertOne(draft, options),
    insertMany: (drafts, options) => local.insertMany(drafts, options),
    updateOne: (filter, update, options) => local.updateOne(filter, update, options),
    updateMany: (filter, update, options) => local.updateMany(filter, update, options),
    findOneAndUpdate: (filter, update, options) => local.findOneAndUpdate(filter, update, options),
    deleteOne: (filter, options) => local.deleteOne(filter, options),
    deleteMany: (filter, options) => local.deleteMany(filter, options),
    createIndex: (fields, options) => local.createIndex(fields, options),
  };
}

/** A filter that is wrong is as wrong at home. */
function isCallersFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'BAD_FILTER' || error.code === 'BAD_INPUT');
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
