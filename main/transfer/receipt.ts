import type { ImportReceipt } from '../../shared/collections/imports.ts';
import type { Receipt } from '../../shared/ipc/models.ts';
import type { RecordRef } from './earlier-state.ts';
import type { ImportJob, JobOutcome } from './import-job.ts';

/** A receipt as it is kept in `imports`. */
export type ReceiptRecord = ImportReceipt & { readonly id: string };

/** What an import writes about itself, in the same batch as its records. */
export function receiptRecord(job: ImportJob, outcome: JobOutcome, durationMs: number): ReceiptRecord {
  const { attachments, ...counts } = outcome.plan;
  return {
    id: job.importId,
    ...counts,
    attachments,
    memories: outcome.memories,
    left_out: [...outcome.leftOut],
    created_at: job.importedAt,
    updated_at: job.importedAt,
    duration_ms: durationMs,
    undone_at: null,
    changed: {
      conversations: idsIn(outcome.replaces, 'conversations'),
      messages: idsIn(outcome.replaces, 'messages'),
      memories: idsIn(outcome.replaces, 'memories'),
    },
  };
}

function idsIn(refs: readonly RecordRef[], collection: RecordRef['collection']): string[] {
  return refs.filter((ref) => ref.collection === collection).map((ref) => ref.id);
}

/** What the screen and the command line are told of it. */
export function toReceipt(record: ReceiptRecord): Receipt {
  const { id, app, format_version, file_name, seen, created, updated, skipped, failed, messages } = record;
  return {
    id,
    app,
    format_version,
    file_name,
    seen,
    created,
    updated,
    skipped,
    failed,
    messages,
    created_at: record.created_at,
    duration_ms: record.duration_ms,
    undone_at: record.undone_at ?? null,
    ...(record.memories === undefined ? {} : { memories: record.memories }),
    ...(record.left_out === undefined ? {} : { left_out: record.left_out }),
  };
}
