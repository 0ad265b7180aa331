import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { type CollectionName, registry } from '../../shared/collections/registry.ts';

export function definitionOf(collection: CollectionName): CollectionDefinition {
  // The registry's own types are narrower in the parameters of their functions.
  return registry[collection] as unknown as CollectionDefinition;
}
