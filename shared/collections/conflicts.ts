import { z } from 'zod';
import { Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

export const conflictReasons = [
  /** Both sides changed one field. */
  'field-clash',
  /** One side deleted what the other had edited: the edit stays. */
  'delete-overridden',
  /** Two records with one unique key. */
  'duplicate-key',
  /** A record that never changes came with another content. */
  'integrity',
  /** What came is not what it says it is, and was not taken over. */
  'hostile',
] as const;

const Side = z.record(z.string(), z.unknown()).nullable();

/** What a merge does not show: the record as it was and as both sides had it. Nothing is lost while this is kept. */
export const Conflict = z.looseObject({
  collection: z.string().min(1),
  record_id: z.string().min(1),
  reason: z.enum(conflictReasons),
  base: Side,
  mine: Side,
  theirs: Side,
  /** The fields that clash; empty where it is the whole record. */
  fields: z.array(z.string()).default([]),
  losing_rev: z.string().nullable(),
  winner_rev: z.string().nullable(),
  /** The copy of the vault that saw it. */
  replica: z.string(),
  at: Timestamp,
  state: z.enum(['open', 'resolved']).default('open'),
  resolution: z.string().nullish(),
  /** Its record was forgotten: both sides are gone. */
  forgotten: z.boolean().optional(),
  /** Why it stays here: its record does. */
  held: z.string().optional(),
  resolved_at: Timestamp.nullish(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Conflict = z.infer<typeof Conflict>;

export const conflicts = defineCollection({
  name: 'conflicts',
  about: 'What a merge set aside, until a person has looked at it',
  kind: 'document',
  schema: Conflict,
  schemaVersion: 1,
  rowFields: ['collection', 'record_id', 'reason', 'state', 'at', 'resolved_at', 'losing_rev', 'held'],
  indexes: [
    { fields: { state: 1, at: -1 } },
    { fields: { collection: 1, record_id: 1 } },
    { fields: { created_at: -1 } },
  ],
  merge: { default: 'lww' },
  emptied: { field: 'forgotten', value: true },
  scope: 'team',
  holdField: 'held',
  // Open ones have no resolved_at and are kept.
  retention: { deleteAfterDays: 90, by: 'resolved_at' },
  personal: ['base', 'mine', 'theirs'],
  mongo: { collection: 'conflicts' },
});
