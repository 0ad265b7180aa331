import { z } from 'zod';

const Count = z.int().nonnegative();

/** What the doctor can find, by stable code. */
export const findingCodes = [
  'log-damaged',
  'log-tail',
  'log-late',
  'file-unreadable',
  'file-damaged',
  'file-misplaced',
  'file-foreign',
  'line-damaged',
  'line-torn',
  'checksum',
  'layout-changed',
  'schema',
  'second-file',
  'not-indexed',
  'index-stale',
  'index-damaged',
  'file-gone',
  'unique-key',
  'search-behind',
  'search-failed',
  'space-low',
  'permissions',
  'not-ours',
  'leftover',
  'staging-left',
  'staging-unfinished',
  'trash-old',
  'quarantined',
  'not-checked',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export const Finding = z.object({
  /** error: records are damaged or missing. warning: put it right. note: to know. */
  severity: z.enum(['error', 'warning', 'note']),
  code: z.enum(findingCodes),
  /** Relative to the vault, with `/`; '' for the vault itself. */
  path: z.string(),
  message: z.string(),
  remedy: z.string(),
  repaired: z.boolean(),
  /** What a repair did, and where the copy of the former bytes is. */
  repair: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const DoctorReport = z.object({
  /** Nothing is wrong that is not repaired; notes do not count. */
  ok: z.boolean(),
  checked: z.object({ files: Count, records: Count, bytes: Count }),
  /** The gravest first, at most 2,000. */
  findings: z.array(Finding),
  /** How many findings there are beyond those listed. */
  more: Count,
  /** Errors and warnings, of all findings, that were repaired and that were not. */
  repaired: Count,
  open: Count,
  /** False where the index was not compared, because another process was writing. */
  compared: z.boolean(),
  duration_ms: z.number(),
});
export type DoctorReport = z.infer<typeof DoctorReport>;

export const QuarantineEntry = z.object({
  id: z.string(),
  /** Where the bytes stood, relative to the vault. */
  origin: z.string(),
  reason: z.string(),
  at: z.string(),
  bytes: Count,
  /** Whether the bytes are records now, so that `quarantine.restore` can put them back. */
  readable: z.boolean(),
});
export type QuarantineEntry = z.infer<typeof QuarantineEntry>;

export const TrashBatch = z.object({
  id: z.string(),
  /** When it was last added to. */
  at: z.string(),
  /** When the daily upkeep removes it for good. */
  expires_at: z.string(),
  /** Why, where it is known. */
  reason: z.enum(['deleted', 'retention', 'adopted', 'quarantine', 'repair']),
  /** Files of documents and lines of logs, by collection. */
  collections: z.record(z.string(), Count),
  bytes: Count,
  /** Up to three titles or first words of what is in it. */
  examples: z.array(z.string()),
});
export type TrashBatch = z.infer<typeof TrashBatch>;
