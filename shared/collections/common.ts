import { z } from 'zod';

/** ISO 8601 UTC with milliseconds, as `Date.toISOString()` writes it. Longer offsets are accepted and kept. */
export const Timestamp = z.iso.datetime({ offset: true });

/** Where an imported record came from. */
export const Source = z.looseObject({
  /** `chatgpt`, `claude`, … */
  app: z.string(),
  format_version: z.string(),
  /** The record's id in the other program. */
  source_id: z.string(),
  /** Of the record's bytes as exported, so that a second import can tell what changed. */
  sha256: z.string(),
  /** The import that brought it: an id in `imports`. */
  import_id: z.string().optional(),
});
export type Source = z.infer<typeof Source>;

/**
 * Fields of another program that have no place of their own here, verbatim.
 * Keys have `$`, `.` and `%` percent-encoded, so that every database can hold them.
 */
export const Extra = z.record(z.string(), z.unknown());
