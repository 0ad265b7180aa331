import { z } from 'zod';
import { Timestamp } from './common.ts';
import { defineCollection } from './define.ts';
import { MemoryType } from './memories.ts';
import { RecordScope } from './scope.ts';

/** The first four are seed 004's. */
export const memoryEventTypes = [
  'MEMORY_ADDED',
  'MEMORY_UPDATED',
  'DECAY_APPLIED',
  'CACHE_INVALIDATED',
  'MEMORY_PROPOSED',
  'MEMORY_CONFIRMED',
  'MEMORY_CONTRADICTED',
  'MEMORY_MERGED',
  'MEMORY_FORGOTTEN',
  'MEMORY_RESTORED',
  'MEMORY_REMOVED',
  'ENTITY_CHANGED',
  'STATE_OBSERVED',
  'STATE_CARRIED',
  'LOG_SEALED',
] as const;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const State = z.record(z.string(), z.unknown()).nullable();

/**
 * One line of the memory log (seeds 000 and 004; `timestamp` there is `created_at` here). Each copy of the vault writes
 * a chain of its own: `event_sequence` counts from 1, `prev_hash` is the `hash` of the event before. The chain holds a
 * salted hash of what an event says (`before`, `after`, `why`), so that this can be taken out when something is
 * forgotten and the chain still verifies.
 */
export const MemoryEvent = z.looseObject({
  /** The copy of the vault that wrote it. */
  replica: z.string().min(1),
  event_sequence: z.int().positive(),
  event_type: z.enum(memoryEventTypes),
  created_at: Timestamp,
  updated_at: Timestamp,
  /** `USER:…`, `TENANT:…`, and who did it: `USER:local`, `RULES:extractor`, `IMPORT:claude`, … */
  subject_id: z.string(),
  tenant_id: z.string(),
  invoker_subject_id: z.string(),
  /** `<collection>/<id>`. */
  entity_key: z.string(),
  operation: z.looseObject({ action: z.string(), memory_type: MemoryType.optional() }),
  /** The record before and after, without its bookkeeping; null where there was none. Absent once redacted. */
  before: State.optional(),
  after: State.optional(),
  why: z.string().nullish(),
  salt: z.string().optional(),
  redacted: z.boolean().optional(),
  result: z.looseObject({
    success: z.boolean(),
    duration_ms: z.number().nonnegative(),
    affected_documents: z.int().nonnegative(),
    error: z.string().nullable(),
  }),
  context: z.looseObject({ source: z.string() }).optional(),
  scope: RecordScope.optional(),
  /** Why it stays here: what it tells of is kept here. The chain does not cover it, since that may change. */
  held: z.string().optional(),
  body_hash: Sha256,
  prev_hash: Sha256,
  hash: Sha256,
});
export type MemoryEvent = z.infer<typeof MemoryEvent>;

export const memory_events = defineCollection({
  name: 'memory_events',
  about: 'The memory log: who changed what, before, after, why; a hash chain',
  kind: 'log',
  schema: MemoryEvent,
  schemaVersion: 1,
  streamField: 'replica',
  // It is the proof of who did what: the file stays as it was written, line by line.
  history: 'keep',
  rowFields: ['replica', 'event_sequence', 'entity_key', 'event_type', 'subject_id', 'tenant_id', 'scope', 'held'],
  indexes: [
    { fields: { replica: 1, event_sequence: 1 } },
    { fields: { entity_key: 1, created_at: -1 } },
    { fields: { subject_id: 1, tenant_id: 1, created_at: -1 } },
    { fields: { event_type: 1, created_at: -1 } },
    { fields: { created_at: -1 } },
  ],
  merge: 'immutable',
  emptied: { field: 'redacted', value: true },
  scope: 'team',
  scopeField: 'scope',
  holdField: 'held',
  // Two years as 004 has it, but sealed first so that the chain still verifies: main/memory/log/retention.ts.
  retention: { keep: 'forever' },
  personal: ['subject_id', 'tenant_id', 'invoker_subject_id', 'before', 'after', 'why', 'context'],
  mongo: { collection: 'memory_events', shardKey: { _id: 'hashed' } },
});
