import type { Committed } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { createTimeSlices } from '../lib/time-slices.ts';
import { createDuplicateIndex, type Duplicate } from './duplicates.ts';
import { isForgotten } from './life.ts';
import { createRecallIndex, type KnownMemory, type RecallIndex } from './recall.ts';

export type StoredMemory = KnownMemory & Committed;

/** The record without its bookkeeping. */
export function bare(memory: KnownMemory & Partial<Pick<Committed, '_meta'>>): KnownMemory {
  const { _meta, ...fields } = memory;
  return fields;
}

/** All memories of a vault in memory, with what finds them by words and by likeness. Follows the store. */
export interface MemoryBook {
  /** Brings it up to date. Everything below sees the store as of the last call. */
  refresh(): Promise<void>;
  get(id: string): StoredMemory | undefined;
  all(): IterableIterator<StoredMemory>;
  readonly recall: RecallIndex;
  /** Memories that say this, or nearly; proposals too. */
  like(text: string, whose: { readonly subject: string; readonly tenant: string }): Duplicate[];
  /** Whether this was forgotten or turned down. */
  wasForgotten(text: string): boolean;
  close(): void;
}

export function createMemoryBook(
  store: Store,
  whoseIs: (memory: KnownMemory) => { readonly subject: string; readonly tenant: string },
): MemoryBook {
  const memories = new Map<string, StoredMemory>();
  const gone = new Map<string, StoredMemory>();
  const recall = createRecallIndex();
  const duplicates = createDuplicateIndex();
  const stale = new Set<string>();
  let isLoaded = false;
  const slices = createTimeSlices();
  let refreshing: Promise<void> | undefined;
  const unwatch = store.watch(({ changes }) => {
    for (const { collection, id } of changes) if (collection === 'memories') stale.add(id);
  });

  function put(memory: StoredMemory): void {
    memories.set(memory.id, memory);
    if (memory.state === 'forgotten' || memory.state === 'rejected') {
      gone.set(memory.id, memory);
      recall.remove(memory.id);
      duplicates.remove(memory.id);
    } else {
      gone.delete(memory.id);
      recall.put(memory);
      duplicates.put(memory.id, memory.text);
    }
  }

  function remove(id: string): void {
    memories.delete(id);
    gone.delete(id);
    recall.remove(id);
    duplicates.remove(id);
  }

  async function load(): Promise<void> {
    const collection = store.collection('memories');
    if (!isLoaded) {
      // After a load that failed half-way, what was deleted since has to go.
      if (memories.size === 0) stale.clear();
      for await (const memory of collection.stream()) {
        put(memory as StoredMemory);
        await slices.pause();
      }
      isLoaded = true;
      // Nobody waits for it; who asks for like texts before it is done looks at the rest then.
      void duplicates.settle(slices);
    }
    while (stale.size > 0) {
      const ids = [...stale];
      stale.clear();
      const found = new Map((await collection.find({ id: { $in: ids } })).map((memory) => [memory.id, memory]));
      for (const id of ids) {
        const memory = found.get(id);
        if (memory) put(memory as StoredMemory);
        else remove(id);
      }
    }
  }

  return {
    async refresh() {
      do await (refreshing ??= load().finally(() => (refreshing = undefined)));
      while (stale.size > 0);
    },
    get: (id) => memories.get(id),
    all: () => memories.values(),
    recall,
    like(text, { subject, tenant }) {
      return duplicates.find(text).filter(({ id }) => {
        const memory = memories.get(id);
        const owner = memory && whoseIs(memory);
        return owner?.subject === subject && owner.tenant === tenant;
      });
    },
    wasForgotten(text) {
      for (const memory of gone.values()) if (isForgotten(text, memory)) return true;
      return false;
    },
    close() {
      unwatch();
      duplicates.clear();
    },
  };
}
