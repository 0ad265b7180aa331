import { z } from 'zod';
import { Extra, Source, Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

export const memoryTypes = ['USER_FACT', 'USER_PATTERN', 'SHARED_NARRATIVE'] as const;

/** Seed 004: confidence is at least 0.60; the floors per type apply when a memory is added (issue 5). */
export const Memory = z.looseObject({
  type: z.enum(memoryTypes),
  text: z.string().min(1),
  confidence: z.number().min(0.6).max(1),
  created_at: Timestamp,
  updated_at: Timestamp,
  added_at: Timestamp.optional(),
  last_confirmed_at: Timestamp.nullish(),
  confirmation_count: z.int().min(1).optional(),
  observation_count: z.int().min(1).optional(),
  is_confirmed: z.boolean().optional(),
  subject: z.string().optional(),
  tenant: z.string().optional(),
  evidence: z.array(z.looseObject({ message_id: z.string() })).optional(),
  source: z.union([z.string(), Source]).optional(),
  source_hash: z.string().nullish(),
  extra: Extra.optional(),
});
export type Memory = z.infer<typeof Memory>;

export const memories = defineCollection({
  name: 'memories',
  about: 'What is believed about a person: facts, patterns, narratives',
  kind: 'document',
  schema: Memory,
  schemaVersion: 1,
  rowFields: ['type', 'subject', 'tenant', 'confidence', 'last_confirmed_at'],
  indexes: [
    { fields: { updated_at: -1 } },
    { fields: { subject: 1, tenant: 1 } },
    { fields: { type: 1 } },
    { fields: { 'source.import_id': 1 } },
  ],
  searchText: (record) => ({ title: '', body: record.text }),
  merge: { default: 'lww' },
  scope: 'team',
  retention: { keep: 'forever' },
  personal: ['text', 'subject', 'extra'],
  mongo: { collection: 'memories' },
});
