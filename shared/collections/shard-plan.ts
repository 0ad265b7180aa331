import type { CollectionDefinition } from './define.ts';
import { collectionNames, registry } from './registry.ts';

/** What an administrator of a sharded cluster would say to it, by collection, and why. */
export interface ShardStep {
  readonly collection: string;
  /** A command of mongosh; null: the collection stays whole on one shard. */
  readonly command: string | null;
  readonly why: string;
}

/** Collections that never leave the machine are not in it. */
export function shardPlan(database: string): readonly ShardStep[] {
  return collectionNames.flatMap((name) => {
    const definition: CollectionDefinition = registry[name] as unknown as CollectionDefinition; // its functions' parameters are narrower
    return definition.scope === 'team' ? [stepFor(database, definition)] : [];
  });
}

function stepFor(database: string, definition: CollectionDefinition): ShardStep {
  const { collection, shardKey } = definition.mongo;
  const problem = shardProblem(definition);
  if (problem !== null) return { collection, command: null, why: problem };
  if (shardKey === undefined) return { collection, command: null, why: 'too small to be worth it' };
  const command = `sh.shardCollection(${JSON.stringify(`${database}.${collection}`)}, ${JSON.stringify(shardKey)})`;
  return { collection, command, why: 'spread evenly; _id stays unique in the whole cluster' };
}

/** Why a collection cannot be spread: a unique index has to begin with the shard key, and there it would not. */
export function shardProblem({ indexes }: Pick<CollectionDefinition, 'indexes'>): string | null {
  const unique = indexes.filter((index) => index.unique).map(({ fields }) => Object.keys(fields).join(', '));
  if (unique.length === 0) return null;
  return `unique by ${unique.join(' and by ')}, which a spread collection cannot hold; moveCollection gives it a shard of its own`;
}
