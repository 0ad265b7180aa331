import { z } from 'zod';
import { Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

/** What is remembered of one team database; its id is the database's. */
export const SyncStateRecord = z.looseObject({
  /** The one that the vault was last connected with. */
  current: z.boolean(),
  epoch: z.int().nonnegative(),
  resume_token: z.string().nullable(),
  poll_cursor: z.string().nullable(),
  last_synced_at: z.string().nullable(),
  last_full_sync_at: z.string().nullable(),
  last_verified_at: z.string().nullable(),
  contents_at: z.string().nullish(),
  quarantine: z.array(z.looseObject({ collection: z.string(), id: z.string() })),
  decision: z.looseObject({ kind: z.string() }).nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type SyncStateRecord = z.infer<typeof SyncStateRecord>;

export const sync_state = defineCollection({
  name: 'sync_state',
  about: 'Almanac’s own: how far the vault is in step with a team’s database',
  kind: 'document',
  schema: SyncStateRecord,
  schemaVersion: 1,
  rowFields: ['current'],
  indexes: [],
  merge: 'immutable',
  scope: 'device',
  retention: { keep: 'forever' },
  personal: [],
  mongo: { collection: 'sync_state' },
  internal: true,
});
