import { z } from 'zod';
import { Extra, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';
import { RecordScope } from './scope.ts';

/** The hubs of seed 000; a person may name others. */
export const knownHubTypes = ['learner_preferences', 'operating_context', 'soft_identity'] as const;

/** Seed 000: one item of a hub. */
export const MemoryHub = z.looseObject({
  hub_type: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'is not 1 to 64 of a-z 0-9 _ -'),
  item_key: z.string().min(1).max(512),
  payload: z.record(z.string(), z.unknown()),
  learner_id: z.string().nullish(),
  created_at: Timestamp,
  updated_at: Timestamp,
  scope: RecordScope.optional(),
  extra: Extra.optional(),
});
export type MemoryHub = z.infer<typeof MemoryHub>;

export const memory_hubs = defineCollection({
  name: 'memory_hubs',
  about: 'Structured memory: preferences, operating context, identity, by key',
  kind: 'document',
  schema: MemoryHub,
  schemaVersion: 1,
  rowFields: ['hub_type', 'item_key', 'learner_id', 'scope'],
  indexes: [
    { fields: { hub_type: 1, item_key: 1 }, unique: true },
    { fields: { learner_id: 1 } },
    { fields: { updated_at: -1 } },
  ],
  merge: { default: 'lww' },
  scope: 'team',
  scopeField: 'scope',
  retention: { keep: 'forever' },
  personal: ['item_key', 'payload', 'learner_id', 'extra'],
  mongo: { collection: 'memory_hubs' },
});
