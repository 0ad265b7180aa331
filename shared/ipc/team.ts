import { z } from 'zod';
import { collectionNames } from '../collections/registry.ts';
import { errorCodes } from '../errors.ts';

const Count = z.int().nonnegative();
const Collection = z.enum(collectionNames as [string, ...string[]]);

/** local: no server. mirror: reads here, every change also goes to the team. remote: reads there, falling back to here. */
export const TeamMode = z.enum(['local', 'mirror', 'remote']);
export type TeamMode = z.infer<typeof TeamMode>;

/** What of conversations and messages a vault holds; the rest stays on the server, to be read in mode `remote`. */
export const TeamScope = z.object({
  days: z.int().min(1).max(36_500),
  pinned: z.boolean(),
  /** Whose conversations it holds whatever their age. */
  users: z.array(z.string().min(1).max(500)).max(100),
});
export type TeamScope = z.infer<typeof TeamScope>;

export const TeamState = z.enum([
  'local',
  'connecting',
  'catching_up',
  'synced',
  'offline',
  'needs_decision',
  'needs_login',
  'incompatible',
]);
export type TeamState = z.infer<typeof TeamState>;

/** A fail-safe stopped the loop: a person says whether the server is right. */
export const TeamDecision = z.object({
  kind: z.enum(['mass-delete', 'empty-server', 'other-store']),
  collection: Collection.nullable(),
  records: Count,
  at: z.string(),
});
export type TeamDecision = z.infer<typeof TeamDecision>;

export const TeamStatus = z.object({
  mode: TeamMode,
  state: TeamState,
  /** Since when the state holds. */
  since: z.string(),
  /** Identity of the team database; null before the first contact. */
  store_id: z.string().nullable(),
  /** Without user and password; null where none is set up. */
  server: z.string().nullable(),
  database: z.string().nullable(),
  /** Where the connection was set up, and how its password is kept. */
  configured_by: z.enum(['none', 'person', 'environment']),
  credentials: z.enum(['none', 'keychain', 'file', 'environment']),
  /** From where reads are served at this moment. */
  reading_from: z.enum(['local', 'server']),
  /** Null: this vault holds all of the team's archive. */
  scope: TeamScope.nullable(),
  waiting: Count,
  last_synced_at: z.string().nullable(),
  last_verified_at: z.string().nullable(),
  /** Open conflicts. */
  conflicts: Count,
  quarantined: Count,
  decision: TeamDecision.nullable(),
  /** While it catches up. `total` 0: not known. */
  progress: z.object({ done: Count, total: Count, per_second: z.number() }).nullable(),
  /** Parity mismatches that digests found since the app was started. */
  mismatches: Count,
  /** Server's clock minus ours, milliseconds; null before the first contact. */
  clock_offset_ms: z.number().nullable(),
  /** What is wrong, in plain words, and what to do; null while all is well. */
  trouble: z.object({ code: z.enum(errorCodes), message: z.string(), remedy: z.string() }).nullable(),
  collections: z.record(z.string(), z.object({ local: Count, remote: Count.nullable(), waiting: Count })),
});
export type TeamStatus = z.infer<typeof TeamStatus>;

/** What a connection would meet, before anything is sent. */
export const TeamTest = z.object({
  ok: z.boolean(),
  server: z.string(),
  database: z.string(),
  version: z.string().nullable(),
  streams: z.boolean().nullable(),
  clock_offset_ms: z.number().nullable(),
  /** Whether `almanac remote init` has been run by somebody who may. */
  prepared: z.boolean().nullable(),
  store_id: z.string().nullable(),
  problem: z.object({ code: z.enum(errorCodes), message: z.string(), remedy: z.string() }).nullable(),
  /** What will be a problem before long. */
  warning: z.string().optional(),
});
export type TeamTest = z.infer<typeof TeamTest>;

/** What would leave this machine at the first push, and what never does. */
export const TeamPreview = z.object({
  collections: z.array(
    z.object({ collection: Collection, records: Count, bytes: Count, examples: z.array(z.string()) }),
  ),
  kept: z.array(z.object({ collection: Collection, records: Count, why: z.string() })),
});
export type TeamPreview = z.infer<typeof TeamPreview>;

export const CertificateCollection = z.object({
  /** contents: both sides were read whole. digests: sums over ids and revisions were compared. Absent: the former. */
  by: z.enum(['contents', 'digests']).optional(),
  local: Count,
  remote: Count,
  /** SHA-256 over the canonical records alive, in order of id, as the vault has them; by digests: over the sums. */
  checksum: z.string(),
  /** Ids that differ or stand on one side only; at most 1,000. */
  differing: z.array(z.string()),
});
export const Certificate = z.object({
  equal: z.boolean(),
  at: z.string(),
  store_id: z.string(),
  /** When all contents were last read and equal; what was compared by digests rests on it and on the history since. */
  contents_at: z.string().nullish(),
  /** What of conversations and messages was compared; absent: all. */
  scope: z.object({ from: z.string(), pinned: z.boolean(), users: z.array(z.string()) }).optional(),
  collections: z.record(z.string(), CertificateCollection),
  /** SHA-256 of this object's canonical JSON without this field. */
  sha256: z.string(),
});
export type Certificate = z.infer<typeof Certificate>;

export const BackfillReport = z.object({
  ok: z.boolean(),
  started_at: z.string(),
  duration_ms: z.number(),
  pushed: Count,
  collections: z.record(
    z.string(),
    CertificateCollection.extend({
      spot_checks: z.object({ checked: Count, equal: Count }),
    }),
  ),
});
export type BackfillReport = z.infer<typeof BackfillReport>;

export const SyncReport = z.object({
  pushed: Count,
  pulled: Count,
  merged: Count,
  conflicts: Count,
  quarantined: Count,
  /** What still waits: 0 unless records are quarantined. */
  waiting: Count,
  duration_ms: z.number(),
});
export type SyncReport = z.infer<typeof SyncReport>;

/** One day of one year, for the calendar. */
export const ParityDay = z.object({
  day: z.string(),
  records: Count,
  state: z.enum(['equal', 'differing', 'waiting', 'unknown']),
});
export type ParityDay = z.infer<typeof ParityDay>;

export const TeamEvent = z.object({
  at: z.string(),
  level: z.enum(['info', 'warning', 'error']),
  message: z.string(),
});
export type TeamEvent = z.infer<typeof TeamEvent>;

const Side = z.record(z.string(), z.unknown()).nullable();
/** Two edits that a merge could not both show. */
export const ConflictView = z.object({
  id: z.string(),
  collection: Collection,
  record_id: z.string(),
  title: z.string(),
  reason: z.string(),
  at: z.string(),
  state: z.enum(['open', 'resolved']),
  resolution: z.enum(['mine', 'theirs', 'base']).nullable(),
  resolved_at: z.string().nullable(),
  fields: z.array(z.string()),
  base: Side,
  mine: Side,
  theirs: Side,
});
export type ConflictView = z.infer<typeof ConflictView>;
