import { z } from 'zod';
import { Extra, Source, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';
import { RecordScope } from './scope.ts';

export const memoryTypes = ['USER_FACT', 'USER_PATTERN', 'SHARED_NARRATIVE'] as const;
export const MemoryType = z.enum(memoryTypes);
export type MemoryType = z.infer<typeof MemoryType>;

/**
 * proposed: waits for the person's yes · active: believed · dormant: faded below its floor, can be woken ·
 * rejected: a proposal that was turned down, kept so that it is not made again · forgotten: a tombstone without content.
 */
export const memoryStates = ['proposed', 'active', 'dormant', 'rejected', 'forgotten'] as const;
export const MemoryState = z.enum(memoryStates);
export type MemoryState = z.infer<typeof MemoryState>;

/** What stands in the text of a memory that was forgotten. */
export const FORGOTTEN_TEXT = '(forgotten)';

/** Why a memory is believed, or doubted: a message, and the sentence in it. */
export const Evidence = z.looseObject({
  message_id: z.string(),
  conversation_id: z.string().optional(),
  /** The sentence itself. */
  quote: z.string().optional(),
  /** Where the quote stands in the message's text: [start, end) in UTF-16 code units. */
  range: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
  at: Timestamp.optional(),
  /** Absent: supports. */
  stance: z.enum(['supports', 'contradicts']).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/**
 * Field names and ranges of seed 004 (`fact`, `pattern` and `narrative` there are `text` here). `confidence` is the
 * base, at least 0.60 as 004 has it, higher by type when a memory is added (main/memory/rules.ts); what is left of it
 * today is computed, never stored.
 */
export const Memory = z.looseObject({
  type: MemoryType,
  text: z.string().min(1),
  confidence: z.number().min(0.6).max(1),
  created_at: Timestamp,
  updated_at: Timestamp,
  added_at: Timestamp.optional(),
  last_confirmed_at: Timestamp.nullish(),
  /** Patterns: when it was last seen again. */
  last_observed: Timestamp.nullish(),
  confirmation_count: z.int().min(1).optional(),
  observation_count: z.int().min(1).optional(),
  contradiction_count: z.int().nonnegative().optional(),
  last_contradicted_at: Timestamp.nullish(),
  is_confirmed: z.boolean().optional(),
  subject: z.string().optional(),
  tenant: z.string().optional(),
  /** What it is about, one of the profile's domains. */
  domain: z.string().optional(),
  /** Absent: active. */
  state: MemoryState.optional(),
  /** Never fades. */
  pinned: z.boolean().optional(),
  /** Absent: as the collection. */
  scope: RecordScope.optional(),
  evidence: z.array(Evidence).optional(),
  /** Why it stays here although its scope lets it go: a constraint of the profile, or a rule about personal data. */
  held: z.string().optional(),
  /** Ids of memories that became part of this one. */
  merged_from: z.array(z.string()).optional(),
  last_recalled_at: Timestamp.nullish(),
  recall_count: z.int().nonnegative().optional(),
  source: z.union([z.string(), Source]).optional(),
  source_hash: z.string().nullish(),
  /** Forgotten and rejected ones: salted hash of the normalised text, by which it is known should it come again. */
  forgotten: z.looseObject({ salt: z.string(), hash: z.string(), at: Timestamp }).optional(),
  extra: Extra.optional(),
});
export type Memory = z.infer<typeof Memory>;

const hasText = ({ state }: Memory): boolean => state === undefined || state === 'active' || state === 'dormant';

export const memories = defineCollection({
  name: 'memories',
  about: 'What is believed about a person: facts, patterns, narratives',
  kind: 'document',
  schema: Memory,
  schemaVersion: 1,
  rowFields: ['type', 'subject', 'tenant', 'state', 'scope', 'held', 'confidence', 'added_at', 'last_confirmed_at'],
  indexes: [
    { fields: { updated_at: -1 } },
    { fields: { subject: 1, tenant: 1 } },
    { fields: { type: 1 } },
    { fields: { state: 1 } },
    { fields: { 'source.import_id': 1 } },
  ],
  searchText: (record) => ({ title: '', body: hasText(record) ? record.text : '' }),
  merge: {
    default: 'lww',
    fields: {
      confirmation_count: 'counter',
      observation_count: 'counter',
      contradiction_count: 'counter',
      recall_count: 'counter',
      last_confirmed_at: 'latest',
      last_contradicted_at: 'latest',
      last_observed: 'latest',
      last_recalled_at: 'latest',
      evidence: 'tags',
      merged_from: 'tags',
    },
  },
  // What a person has forgotten does not come back because somebody else edited it meanwhile.
  emptied: { field: 'state', value: 'forgotten' },
  scope: 'team',
  scopeField: 'scope',
  holdField: 'held',
  retention: { keep: 'forever' },
  personal: ['text', 'domain', 'subject', 'tenant', 'evidence', 'extra'],
  mongo: { collection: 'memories', shardKey: { _id: 'hashed' } },
});
