import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import type { LocalState, SyncState } from './ports.ts';

const DAY_MS = 86_400_000;
/** Tombstones may be swept from the server after so long; who was away longer cannot tell deleted from lost. */
export const SWEEP_DAYS = 180;

/**
 * What it means that the server does not have a record whose base we know (reliability.md §3.10).
 *
 * nothing: we know of none either · forget: only the base · lost: the server lost it, it is pushed again · gone: it is to
 * go here too (expired, or a tombstone, or deleted while we were away for longer than tombstones are kept).
 */
export type Missing = 'nothing' | 'forget' | 'lost' | 'gone';

export function judgeMissing(
  definition: CollectionDefinition,
  { local, base, withheld }: LocalState,
  sync: Pick<SyncState, 'last_full_sync_at'>,
  nowMs: number,
): Missing {
  if (base === null) return 'nothing';
  if (local === null || withheld) return 'forget';
  if (local._meta.del) return 'gone';
  if (local._meta.rev !== base.rev) return 'lost';
  return isExpired(definition, local, nowMs) || wasAwayTooLong(sync, nowMs) ? 'gone' : 'lost';
}

/** Whether a record is older than its collection keeps. */
export function isExpired({ retention }: CollectionDefinition, record: StoredRecord, nowMs: number): boolean {
  if ('keep' in retention) return false;
  const days = 'deleteAfterDays' in retention ? retention.deleteAfterDays : retention.archiveAfterDays;
  const since = record[retention.by];
  const sinceMs = typeof since === 'string' ? Date.parse(since) : Number.NaN;
  return !Number.isNaN(sinceMs) && nowMs - sinceMs > days * DAY_MS;
}

function wasAwayTooLong({ last_full_sync_at: last }: Pick<SyncState, 'last_full_sync_at'>, nowMs: number): boolean {
  return last !== null && nowMs - Date.parse(last) > SWEEP_DAYS * DAY_MS;
}
