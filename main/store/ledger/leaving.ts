import type { CollectionDefinition } from '../../../shared/collections/define.ts';
import { type CollectionName, collectionNames, registry } from '../../../shared/collections/registry.ts';

/** Collections of which anything may leave the machine. */
export const syncingCollections: readonly CollectionName[] = collectionNames.filter(
  (name) => registry[name].scope === 'team',
);
const syncing: ReadonlySet<string> = new Set(syncingCollections);

export function isSyncing(collection: string): boolean {
  return syncing.has(collection);
}

/** Whether this record (or the part of it that its row holds) may leave the machine. */
export function mayLeave(definition: CollectionDefinition, record: Readonly<Record<string, unknown>>): boolean {
  if (definition.scope !== 'team') return false;
  if (definition.holdField !== undefined && typeof record[definition.holdField] === 'string') return false;
  const own = definition.scopeField === undefined ? undefined : record[definition.scopeField];
  return own === undefined || own === null || own === 'team';
}
