import type { Conflict } from '../../shared/collections/conflicts.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { derivedId } from '../lib/ids.ts';
import type { Clash, MergeSides } from './merge.ts';

export type ConflictRecord = Conflict & { readonly id: string };

/**
 * The record of what a merge does not show: the clashing fields as they were and as both sides had them. Its id and dates
 * come from the two versions alone, so that a repetition, here or on another replica, is the same record.
 */
export function conflictOf(
  collection: CollectionName,
  sides: MergeSides,
  clash: Clash,
  replica: string,
): ConflictRecord {
  const { base, mine, theirs } = sides;
  const [loser, winner] = clash.loser === 'mine' ? [mine, theirs] : [theirs, mine];
  const at = timeOf(loser._meta.hlc > winner._meta.hlc ? loser : winner);
  return {
    id: derivedId('conflict', collection, loser.id, loser._meta.rev, clash.reason, ...clash.fields),
    collection,
    record_id: loser.id,
    reason: clash.reason,
    base: base && part(base, clash.fields),
    mine: part(mine, clash.fields),
    theirs: part(theirs, clash.fields),
    fields: [...clash.fields],
    losing_rev: loser._meta.rev,
    winner_rev: winner._meta.rev,
    replica,
    at,
    state: 'open',
    created_at: at,
    updated_at: at,
  };
}

/** Two records with one unique key; `theirs` is null where only the server knows the other. */
export function duplicateKeyConflict(
  collection: CollectionName,
  { mine, theirs }: { readonly mine: StoredRecord | null; readonly theirs: StoredRecord | null },
  reason: string,
  replica: string,
): ConflictRecord | null {
  const refused = mine ?? theirs;
  if (refused === null) return null;
  const at = timeOf(refused);
  const whole = (record: StoredRecord | null): Readonly<Record<string, unknown>> | null =>
    record && part(record, Object.keys(record));
  return {
    id: derivedId('conflict', collection, refused.id, refused._meta.rev, 'duplicate-key'),
    collection,
    record_id: refused.id,
    reason: 'duplicate-key',
    base: null,
    mine: whole(mine),
    theirs: whole(theirs),
    fields: [],
    losing_rev: refused._meta.rev,
    winner_rev: null,
    replica,
    at,
    state: 'open',
    created_at: at,
    updated_at: at,
    why: reason,
  };
}

/** Null for a tombstone, so that a deletion can be told from a field that is not there. */
function part(record: StoredRecord, fields: readonly string[]): Record<string, unknown> | null {
  if (record._meta.del) return null;
  return Object.fromEntries(
    fields.filter((name) => name !== '_meta' && record[name] !== undefined).map((name) => [name, record[name]]),
  );
}

/** The wall-clock part of a version's stamp. */
function timeOf({ _meta, updated_at }: StoredRecord): string {
  const ms = Number.parseInt(_meta.hlc.slice(0, 12), 16);
  return ms > 0 && ms < 8.64e15 ? new Date(ms).toISOString() : updated_at;
}
