import { z } from 'zod';
import { Timestamp } from './common.ts';
import { defineCollection } from './define.ts';

export const ImportFailure = z.object({
  /** The conversation's id in the other program, or the file and place where there is none. */
  source_id: z.string(),
  reason: z.string(),
});

export const LeftOutFile = z.object({ file: z.string(), reason: z.string() });
export const ImportedMemories = z.object({ created: z.int(), updated: z.int(), skipped: z.int() });

/** The receipt of an import. Counts are of conversations; `messages` counts the messages in them. */
export const ImportReceipt = z.looseObject({
  app: z.string(),
  format_version: z.string(),
  file_name: z.string(),
  seen: z.int(),
  created: z.int(),
  updated: z.int(),
  skipped: z.int(),
  failed: z.array(ImportFailure),
  messages: z.object({ seen: z.int(), created: z.int(), updated: z.int(), skipped: z.int() }),
  created_at: Timestamp,
  updated_at: Timestamp,
  duration_ms: z.number(),
  /** Texts that the other program remembered about the person. */
  memories: ImportedMemories.optional(),
  /** Files of the archive that were not taken over, with the reason. */
  left_out: z.array(LeftOutFile).optional(),
  /** Ids of records that were there and that the import changed; each holds its earlier state in `source.before`. */
  changed: z
    .object({ conversations: z.array(z.string()), messages: z.array(z.string()), memories: z.array(z.string()) })
    .optional(),
  undone_at: Timestamp.nullish(),
});
export type ImportReceipt = z.infer<typeof ImportReceipt>;

export const imports = defineCollection({
  name: 'imports',
  about: 'Receipts: what each import brought',
  kind: 'document',
  schema: ImportReceipt,
  schemaVersion: 1,
  rowFields: ['app', 'file_name', 'seen', 'created', 'updated', 'skipped', 'undone_at'],
  indexes: [{ fields: { created_at: -1 } }],
  merge: 'immutable',
  scope: 'device',
  retention: { keep: 'forever' },
  personal: ['file_name', 'failed', 'left_out'],
  mongo: { collection: 'imports' },
});
