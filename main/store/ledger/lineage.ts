import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { Meta } from '../../../shared/store/store.ts';
import type { Stamper } from '../../records/meta.ts';
import type { BaseLines } from './base-lines.ts';
import { isSyncing, mayLeave } from './leaving.ts';

type Lineage = Pick<Meta, 'rev' | 'gen' | 'anc'>;

/**
 * A stamper whose versions follow what the team has last seen of a record: one that comes back after its deletion, or
 * that may leave again, is a descendant of its tombstone, so that nobody takes the two for concurrent.
 */
export function withLineage(stamper: Stamper, lines: BaseLines): Stamper {
  function parentOf(collection: CollectionName, id: string, before: Lineage | undefined): Lineage | undefined {
    const state = lines.state(collection, id);
    if (state === undefined || (before !== undefined && !state.isApart)) return before;
    const line = lines.read(collection, id);
    return line?.standIn?._meta ?? before ?? (line?.base?.aside ? undefined : line?.base) ?? undefined;
  }
  return {
    stamp(definition, body, before, marks) {
      const isPlain = marks?.deleted === true || !isSyncing(definition.name) || lines.size === 0;
      if (isPlain || !mayLeave(definition, body)) return stamper.stamp(definition, body, before, marks);
      const name = definition.name as CollectionName; // definitions come from the registry
      return stamper.stamp(definition, body, parentOf(name, body.id, before), marks);
    },
  };
}
