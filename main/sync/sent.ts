import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { baseOf } from './base.ts';
import type { LocalState } from './ports.ts';

const MOST = 2_000;

/**
 * The versions that were sent and not yet seen to stand. Where the server's version was built on one of them, that one
 * had arrived, and is what both sides grew from. Only remembered: without it there is a conflict record too many.
 */
export interface Sent {
  note(collection: CollectionName, record: StoredRecord): void;
  settled(collection: CollectionName, id: string): void;
  /** The state as it would be if the answer had not been lost. */
  applied(collection: CollectionName, state: LocalState, remote: StoredRecord): LocalState;
}

export function createSent(): Sent {
  const sent = new Map<string, StoredRecord>();
  const keyOf = (collection: CollectionName, id: string): string => `${collection}/${id}`;
  return {
    note(collection, record) {
      const key = keyOf(collection, record.id);
      sent.delete(key);
      sent.set(key, record);
      for (const oldest of sent.keys()) {
        if (sent.size <= MOST) break;
        sent.delete(oldest);
      }
    },
    settled: (collection, id) => void sent.delete(keyOf(collection, id)),
    applied(collection, state, remote) {
      const record = sent.get(keyOf(collection, remote.id));
      if (record === undefined || state.local === null || state.withheld) return state;
      // What we know the server to hold since then was built on it already.
      if (state.base?.anc.includes(record._meta.rev)) return state;
      const isBetween = [state.local, remote].every(({ _meta }) => _meta.anc.includes(record._meta.rev));
      return isBetween ? { ...state, base: baseOf(record), baseRecord: record } : state;
    },
  };
}
