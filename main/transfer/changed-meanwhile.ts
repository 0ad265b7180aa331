import type { Store } from '../../shared/store/store.ts';
import type { RecordRef } from './earlier-state.ts';

/**
 * Notes which records change from now on. A staged batch holds whole records: writing one over a change that was made
 * after the batch was planned would lose that change.
 */
export function watchRecords(store: Store): {
  hasChanged(refs: readonly RecordRef[]): boolean;
  end(): void;
} {
  const changed = new Set<string>();
  const end = store.watch(({ changes }) => {
    for (const { collection, id, stream } of changes) {
      changed.add(`${collection}/${id}`);
      // A message written in a conversation changes that, too.
      if (stream !== undefined) changed.add(`conversations/${stream}`);
    }
  });
  return { hasChanged: (refs) => refs.some(({ collection, id }) => changed.has(`${collection}/${id}`)), end };
}
