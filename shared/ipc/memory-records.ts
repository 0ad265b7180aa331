import { z } from 'zod';
import { MemoryHub } from '../collections/memory_hubs.ts';
import { RecordScope } from '../collections/scope.ts';
import { Count, RecordId } from './models.ts';

const why = z.string().max(1000).optional();
/** A word of a person's own, as a preference is. */
const Word = z.string().trim().min(1).max(200);

/** An item of a hub: seed 000's, by kind and key. */
export const Hub = z.object({
  id: RecordId,
  hub_type: z.string(),
  item_key: z.string(),
  payload: z.record(z.string(), z.unknown()),
  learner_id: z.string().nullable(),
  scope: RecordScope,
  updated_at: z.string(),
});

/** A run of an assistant, without its steps. */
export const EpisodeRow = z.object({
  id: RecordId,
  run_id: z.string(),
  query: z.string(),
  status: z.string(),
  nodes: Count,
  edges: Count,
  created_at: z.string(),
  updated_at: z.string(),
});

/** What was running at a moment. `runs`: how many. */
export const SnapshotRow = z.object({
  id: RecordId,
  snapshot_id: z.string(),
  source: z.string().nullable(),
  runs: Count,
  created_at: z.string(),
});

/** What the page asks of the records beside the memories: profile, hubs, episodes, snapshots. */
export const memoryRecordMethods = {
  /** Preferences by name; one that is null is taken out. The rest of the profile stays. */
  'memory.prefer': {
    input: z.strictObject({
      preferences: z.record(z.string().min(1).max(100), Word.nullable()).optional(),
      learning_level: Word.nullable().optional(),
      subject: z.string().optional(),
      tenant: z.string().optional(),
      why,
    }),
    output: z.record(z.string(), z.unknown()),
  },
  /** All items of all hubs, by kind and key. */
  'memory.hubs': { input: z.strictObject({}), output: z.array(Hub) },
  /** Without an id a new one: DUPLICATE_KEY where the hub has this key already. */
  'memory.put_hub': {
    input: z.strictObject({
      id: RecordId.optional(),
      hub_type: MemoryHub.shape.hub_type,
      item_key: MemoryHub.shape.item_key,
      payload: z.record(z.string(), z.unknown()),
      scope: RecordScope.optional(),
      why,
    }),
    output: Hub,
  },
  'memory.remove_hub': { input: z.strictObject({ id: RecordId, why }), output: z.null() },
  /** Newest first. */
  'memory.episodes': { input: z.strictObject({}), output: z.array(EpisodeRow) },
  /** With its steps and how they hang together, in whatever shape they came. */
  'memory.episode': {
    input: z.strictObject({ id: RecordId }),
    output: z.object({ episode: EpisodeRow, nodes: z.array(z.unknown()), edges: z.array(z.unknown()) }),
  },
  /** Newest first. */
  'memory.snapshots': { input: z.strictObject({}), output: z.array(SnapshotRow) },
  'memory.snapshot': {
    input: z.strictObject({ id: RecordId }),
    output: z.object({ snapshot: SnapshotRow, active_runs: z.unknown() }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
