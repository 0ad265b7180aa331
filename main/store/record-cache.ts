import type { CollectionTable } from './collection-table.ts';
import { copyOf } from './copy-of.ts';
import { type Place, type Row, isSamePlace } from './row.ts';
import type { StoredRecord } from '../records/stored-record.ts';

interface Held {
  readonly place: Place;
  readonly record: StoredRecord;
}

/**
 * Records that were read lately, so that opening a conversation again reads and parses nothing. Bounded by the bytes of their
 * JSON; the one not asked for the longest goes first. A record counts only while its row says that its bytes are where
 * and what they were. Takes and gives copies.
 */
export class RecordCache {
  readonly #limit: number;
  /** By table and id, the one asked for last at the end. */
  readonly #held = new Map<string, Held>();
  #bytes = 0;

  /** @param limit bytes; 0: nothing is kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(table: CollectionTable, row: Row): StoredRecord | undefined {
    const key = keyOf(table, row);
    const held = this.#held.get(key);
    if (held === undefined) return undefined;
    this.#held.delete(key);
    if (!isSamePlace(held.place, row.place)) {
      this.#bytes -= held.place.length;
      return undefined;
    }
    this.#held.set(key, held);
    return copyOf(held.record);
  }

  put(table: CollectionTable, row: Row, record: StoredRecord): void {
    const { place } = row;
    // What stands in the log only is not for long.
    if (place.pending !== undefined || place.length * LARGEST_SHARE > this.#limit) return;
    const key = keyOf(table, row);
    this.#drop(key);
    this.#held.set(key, { place, record: copyOf(record) });
    this.#bytes += place.length;
    for (const oldest of this.#held.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#bytes -= held.place.length;
  }
}

/** A record that takes more than one part of so many is not worth all that would have to go for it. */
const LARGEST_SHARE = 16;

function keyOf(table: CollectionTable, { view }: Row): string {
  return `${table.name}\n${view.id}`;
}
