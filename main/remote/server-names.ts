import { type CollectionName, collectionNames, registry } from '../../shared/collections/registry.ts';

/** Collections that may be in the team database, by their names there. */
export const teamCollections: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames
    .filter((name) => registry[name].scope === 'team')
    .map((name) => [registry[name].mongo.collection, name]),
);

/** Every collection by its name there: a Store has them all. */
export const allCollections: ReadonlyMap<string, CollectionName> = new Map(
  collectionNames.map((name) => [registry[name].mongo.collection, name]),
);
