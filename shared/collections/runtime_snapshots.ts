import { z } from 'zod';
import { Extra, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

/** Seed 000 (`timestamp` there is `created_at` here, as in every collection): what was running at a moment. */
export const RuntimeSnapshot = z.looseObject({
  snapshot_id: z.string().min(1),
  /** Runs by id, a list of them, or how many. */
  active_runs: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown()), z.int().nonnegative()]),
  source: z.string().nullish(),
  created_at: Timestamp,
  updated_at: Timestamp,
  extra: Extra.optional(),
});
export type RuntimeSnapshot = z.infer<typeof RuntimeSnapshot>;

export const runtime_snapshots = defineCollection({
  name: 'runtime_snapshots',
  about: 'What was running at a moment; kept for 30 days',
  kind: 'document',
  schema: RuntimeSnapshot,
  schemaVersion: 1,
  rowFields: ['snapshot_id', 'source'],
  indexes: [{ fields: { snapshot_id: 1 }, unique: true }, { fields: { created_at: -1 } }],
  merge: { default: 'lww' },
  scope: 'team',
  // 000's optional TTL.
  retention: { deleteAfterDays: 30, by: 'created_at' },
  personal: ['active_runs', 'extra'],
  mongo: { collection: 'runtime_snapshots' },
});
