import { expect, test } from 'vitest';
import { collectionNames, registry } from '../../shared/collections/registry.ts';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { shardPlan, shardProblem } from '../../shared/collections/shard-plan.ts';

test('the plan spreads by _id what can be spread, and says of the rest why not', () => {
  const plan = shardPlan('team');
  const commands = plan.flatMap(({ command }) => command ?? []);
  expect(commands).toEqual([
    'sh.shardCollection("team.messages", {"_id":"hashed"})',
    'sh.shardCollection("team.memories", {"_id":"hashed"})',
    'sh.shardCollection("team.memory_events", {"_id":"hashed"})',
  ]);
  expect(plan.find(({ collection }) => collection === 'conversations')?.why).toContain('unique by lookup_key');
  expect(plan.some(({ collection }) => collection === 'sync_bases')).toBe(false);
});

test('no collection with a shard key has a unique index that does not begin with it', () => {
  for (const name of collectionNames) {
    const { indexes, mongo } = registry[name] as unknown as CollectionDefinition;
    expect([name, mongo.shardKey && shardProblem({ indexes })]).toEqual([name, mongo.shardKey && null]);
  }
});
