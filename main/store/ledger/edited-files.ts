import { AppError } from '../../../shared/errors.ts';
import { type Clock, isoNow } from '../../lib/clock.ts';
import type { Stamper } from '../../records/meta.ts';
import { stampInsert } from '../../records/stamp.ts';
import { isSameJson } from '../../lib/canonical-json.ts';
import { bodyOf } from '../../records/stored-record.ts';
import type { Operation } from '../batch.ts';
import type { Held } from './sync-plan.ts';

/**
 * Records whose files another program changed while nobody watched still say that they are the version they were made
 * from. What is sent to a team, or compared with what it has, has to be a version of its own: these operations make it one.
 * Left out is what cannot be a record.
 */
export function versionsOfEdits(
  { stamper, clock }: { readonly stamper: Stamper; readonly clock: Clock },
  held: Iterable<Held>,
): Operation[] {
  const operations: Operation[] = [];
  for (const { table, row, record, isEdited } of held) {
    if (!isEdited || row === undefined || record === undefined) continue;
    const former = bodyOf(record);
    try {
      const body = stampInsert(table.definition, former, { id: () => former.id, now: isoNow(clock) });
      // Elsewhere it would be another record's place; the watcher puts that right.
      if (!isSameJson(body.created_at, row.view.created_at)) continue;
      // One without bookkeeping has no history.
      const parent = record._meta.rev === '' ? undefined : record._meta;
      const version = stamper.stamp(table.definition, body, parent, { external: true });
      operations.push({ kind: 'put', table, record: version, before: row });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return operations;
}
