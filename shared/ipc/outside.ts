import { z } from 'zod';
import { Count } from './models.ts';

/** What Almanac did about another program's doings in the vault's folder; the words are the catalogue's. */
export const OutsideNotice = z.object({
  /** Counts up while the vault is open. */
  id: z.int(),
  at: z.string(),
  kind: z.enum(['taken', 'merged', 'set-aside', 'deleted', 'restored', 'lost']),
  /** Relative to the vault, with `/`. */
  file: z.string(),
  reason: z.string(),
  /** set-aside: a good version stands in its place. deleted: the trash has a copy. */
  restorable: z.boolean(),
});
export type OutsideNotice = z.infer<typeof OutsideNotice>;

export const OutsideEdits = z.object({
  /** Files that vanished together: nothing is deleted before the person says so. 0: nothing waits. */
  missing: Count,
  /** The first few of them. */
  examples: z.array(z.string()),
  /** Since the vault was opened, newest first, at most 200. */
  notices: z.array(OutsideNotice),
});
export type OutsideEdits = z.infer<typeof OutsideEdits>;

const nothing = z.strictObject({});

/** What other programs do to the vault's files, and the person's word on what went missing; see contract.ts. */
export const outsideMethods = {
  'outside.status': { input: nothing, output: OutsideEdits },
  /** They come back as they were; `lost`: those of which no good version was kept. */
  'outside.restore_missing': { input: nothing, output: z.object({ restored: Count, lost: Count }) },
  /** The person meant it: to the trash with them. */
  'outside.delete_missing': { input: nothing, output: z.object({ deleted: Count }) },
} as const;
