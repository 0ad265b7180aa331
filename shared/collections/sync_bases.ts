import { z } from 'zod';
import { Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

/** A version's place in a record's history; `day`: where the digests count it; `aside`: the vault's is not built on it. */
const BaseVersion = z.looseObject({
  rev: z.string(),
  gen: z.int().nonnegative(),
  anc: z.array(z.string()),
  hlc: z.string(),
  del: z.literal(true).optional(),
  day: z.string(),
  aside: z.literal(true).optional(),
});

/** A whole version of a record: its own fields and `_meta`. */
const Version = z.looseObject({ id: z.string() });

/**
 * What is known of one record's version at the team's database. A record without a line was never there. Losing lines
 * is safe: the versions are compared anew.
 */
export const SyncBase = z.looseObject({
  collection: z.string().min(1),
  record_id: z.string().min(1),
  /** The team database that `base` is about. */
  store_id: z.string(),
  /** dirty: the vault's version is another than `base`. */
  state: z.enum(['clean', 'dirty']),
  base: BaseVersion.nullable(),
  /** While dirty: the version that `base` names. */
  base_record: Version.optional(),
  /** The tombstone that the team sees in place of the vault's record, where that was deleted or may not leave any more. */
  stand_in: Version.optional(),
  /** There is a `stand_in`. */
  apart: z.literal(true).optional(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type SyncBase = z.infer<typeof SyncBase>;

export const sync_bases = defineCollection({
  name: 'sync_bases',
  about: 'Almanac’s own: which version of each record the team’s database has',
  kind: 'log',
  schema: SyncBase,
  schemaVersion: 1,
  streamField: 'collection',
  // Bookkeeping: a line for every change of a record, of which only the last says anything.
  history: 'drop',
  // Few values, so that rows share them; the rest is read from the file.
  rowFields: ['store_id', 'state', 'apart'],
  indexes: [],
  merge: 'immutable',
  scope: 'device',
  retention: { keep: 'forever' },
  personal: ['base_record', 'stand_in'],
  mongo: { collection: 'sync_bases' },
  internal: true,
});
