import { compareStrings } from './compare-values.ts';
import type { Comparator } from './types.ts';

/** Half full after a split, so that runs of inserts split rarely; small, so that an insert moves little. */
const CHUNK_CAPACITY = 512;
const BULK_FILL = 384;
/** With more waiting than this share of what is sorted, sorting all of it beats inserting one by one. */
const BULK_SHARE = 1 / 8;

/** Parallel arrays instead of an object per entry: 16 bytes each, since keys and ids are the row's own strings. */
interface Chunk {
  readonly keys: unknown[];
  readonly ids: string[];
}

/** A place between entries: before entry `at` of chunk `chunk`. */
export interface Position {
  readonly chunk: number;
  readonly at: number;
}

/**
 * Pairs of key and id in order, for one index: a list of sorted chunks, so that an insert into 100,000 entries costs a
 * binary search and a short move. Additions wait unsorted until the order is asked for: loading a vault costs one sort,
 * and none for an index that nobody asks.
 */
export class SortedEntries {
  readonly #compareKeys: Comparator<unknown>;
  readonly #idDirection: 1 | -1;
  #chunks: Chunk[] = [];
  #sortedCount = 0;
  #waiting: Chunk = { keys: [], ids: [] };

  /** @param idDirection order of ids among equal keys */
  constructor(compareKeys: Comparator<unknown>, idDirection: 1 | -1) {
    this.#compareKeys = compareKeys;
    this.#idDirection = idDirection;
  }

  get size(): number {
    return this.#sortedCount + this.#waiting.ids.length;
  }

  /** The pair must not be there yet. */
  add(key: unknown, id: string): void {
    this.#waiting.keys.push(key);
    this.#waiting.ids.push(id);
  }

  delete(key: unknown, id: string): void {
    this.settle();
    const { chunk, at } = this.#seek((otherKey, otherId) => this.#compare(otherKey, otherId, key, id) >= 0);
    const held = this.#chunks[chunk];
    if (held?.ids[at] !== id) return;
    held.keys.splice(at, 1);
    held.ids.splice(at, 1);
    if (held.ids.length === 0) this.#chunks.splice(chunk, 1);
    this.#sortedCount--;
  }

  /** The place of the first entry whose key passes; the test must be false up to some place and true from there on. */
  seek(passes: (key: unknown) => boolean): Position {
    this.settle();
    return this.#seek(passes);
  }

  count(from: Position, to: Position): number {
    if (from.chunk > to.chunk) return 0;
    let count = to.at - from.at;
    for (let chunk = from.chunk; chunk < to.chunk; chunk++) count += this.#chunks[chunk]?.ids.length ?? 0;
    return Math.max(0, count);
  }

  *ids(from: Position, to: Position): Generator<string, void> {
    for (let chunk = from.chunk; chunk <= to.chunk && chunk < this.#chunks.length; chunk++) {
      const { ids } = this.#chunks[chunk] as Chunk;
      const end = chunk === to.chunk ? to.at : ids.length;
      for (let at = chunk === from.chunk ? from.at : 0; at < end; at++) yield ids[at] as string;
    }
  }

  *idsBackward(from: Position, to: Position): Generator<string, void> {
    for (let chunk = Math.min(to.chunk, this.#chunks.length - 1); chunk >= from.chunk; chunk--) {
      const { ids } = this.#chunks[chunk] as Chunk;
      const first = chunk === from.chunk ? from.at : 0;
      for (let at = (chunk === to.chunk ? to.at : ids.length) - 1; at >= first; at--) yield ids[at] as string;
    }
  }

  #compare(keyOfA: unknown, idOfA: string, keyOfB: unknown, idOfB: string): number {
    return this.#compareKeys(keyOfA, keyOfB) || compareStrings(idOfA, idOfB) * this.#idDirection;
  }

  #seek(passes: (key: unknown, id: string) => boolean): Position {
    const lastPasses = (chunk: Chunk): boolean => passes(chunk.keys.at(-1), chunk.ids.at(-1) as string);
    const chunk = firstThat(this.#chunks.length, (at) => lastPasses(this.#chunks[at] as Chunk));
    const held = this.#chunks[chunk];
    if (held === undefined) return { chunk, at: 0 };
    return { chunk, at: firstThat(held.ids.length, (at) => passes(held.keys[at], held.ids[at] as string)) };
  }

  /** Sorts in what waits. */
  settle(): void {
    const { keys, ids } = this.#waiting;
    if (ids.length === 0) return;
    this.#waiting = { keys: [], ids: [] };
    if (ids.length > this.#sortedCount * BULK_SHARE) this.#rebuild(keys, ids);
    else for (const [at, id] of ids.entries()) this.#insert(keys[at], id);
  }

  #insert(key: unknown, id: string): void {
    const place = this.#seek((otherKey, otherId) => this.#compare(otherKey, otherId, key, id) >= 0);
    // Beyond the last chunk: the last one grows.
    const isBeyond = place.chunk === this.#chunks.length;
    const chunk = isBeyond ? place.chunk - 1 : place.chunk;
    const held = this.#chunks[chunk] as Chunk;
    const at = isBeyond ? held.ids.length : place.at;
    held.keys.splice(at, 0, key);
    held.ids.splice(at, 0, id);
    this.#sortedCount++;
    if (held.ids.length <= CHUNK_CAPACITY) return;
    const half = held.ids.length >> 1;
    this.#chunks.splice(chunk + 1, 0, { keys: held.keys.splice(half), ids: held.ids.splice(half) });
  }

  #rebuild(newKeys: unknown[], newIds: string[]): void {
    const keys = this.#chunks.flatMap((chunk) => chunk.keys).concat(newKeys);
    const ids = this.#chunks.flatMap((chunk) => chunk.ids).concat(newIds);
    // Positions are sorted, not pairs; what is in order already (an index saved in order) takes one pass.
    const order = Array.from({ length: ids.length }, (_, at) => at);
    order.sort((a, b) => this.#compare(keys[a], ids[a] as string, keys[b], ids[b] as string));
    this.#chunks = [];
    for (let from = 0; from < order.length; from += BULK_FILL) {
      const part = order.slice(from, from + BULK_FILL);
      this.#chunks.push({ keys: part.map((at) => keys[at]), ids: part.map((at) => ids[at] as string) });
    }
    this.#sortedCount = ids.length;
  }
}

/** The least number below `length` for which the test holds, else `length`. */
function firstThat(length: number, test: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
