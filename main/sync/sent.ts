import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { baseOf } from './base.ts';
import type { LocalState } from './ports.ts';

const MOST = 2_000;
const PER_RECORD = 5;

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
  const sent = new Map<string, readonly StoredRecord[]>();
  const keyOf = (collection: CollectionName, id: string): string => `${collection}/${id}`;
  return {
    note(collection, record) {
      const key = keyOf(collection, record.id);
      const before = (sent.get(key) ?? []).filter(({ _meta }) => _meta.rev !== record._meta.rev);
      sent.delete(key);
      sent.set(key, [record, ...before].slice(0, PER_RECORD));
      for (const oldest of sent.keys()) {
        if (sent.size <= MOST) break;
        sent.delete(oldest);
      }
    },
    settled: (collection, id) => void sent.delete(keyOf(collection, id)),
    applied(collection, state, remote) {
      const { local, base } = state;
      if (local === null || state.withheld) return state;
      const between = sent.get(keyOf(collection, remote.id))?.find(({ _meta: { rev } }) => {
        // What we know the server to hold may have been built on it already.
        return local._meta.anc.includes(rev) && remote._meta.anc.includes(rev) && !base?.anc.includes(rev);
      });
      return between === undefined ? state : { ...state, base: baseOf(between), baseRecord: between };
    },
  };
}
