import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import type { ChangedRef, RecordRef } from './ports.ts';

const MOST = 50_000;

/**
 * What was pushed here comes back as a hint, and says nothing new: it need not be looked at again. Only remembered; a hint
 * too many costs a look. Each echo is expected once: a server that was set back to such a version tells of it a second time.
 */
export interface Echoes {
  /** This version stands there, and is the base. */
  expect(collection: CollectionName, record: StoredRecord): void;
  /** Whether it is an echo; then no other is expected. */
  hears(ref: ChangedRef): boolean;
  /** The base is another one by now. */
  forget(ref: RecordRef): void;
}

export function createEchoes(): Echoes {
  const revs = new Map<string, string>();
  const keyOf = ({ collection, id }: RecordRef): string => `${collection}/${id}`;
  return {
    expect(collection, { id, _meta }) {
      const key = keyOf({ collection, id });
      revs.delete(key);
      revs.set(key, _meta.rev);
      for (const oldest of revs.keys()) {
        if (revs.size <= MOST) break;
        revs.delete(oldest);
      }
    },
    hears(ref) {
      const key = keyOf(ref);
      const isEcho = ref.rev !== undefined && revs.get(key) === ref.rev;
      if (isEcho) revs.delete(key);
      return isEcho;
    },
    forget: (ref) => void revs.delete(keyOf(ref)),
  };
}
