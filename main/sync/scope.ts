import type { CollectionName } from '../../shared/collections/registry.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { dayOf } from './base.ts';
import { definitionOf } from './definition-of.ts';
import type { SyncScope } from './ports.ts';

/**
 * What of the team's archive a vault wants to hold. Collections whose registry entry says nothing of an archive it always
 * holds whole. A conversation is in the scope when it began or changed in the time, is pinned, is a user's, was last written
 * here, or has a message of the time; a message, when it is of the time or of such a conversation.
 */
export interface ScopeWish {
  /** The last so many days; counted from the beginning of their first month, so that digests are those of whole months. */
  readonly days: number;
  readonly pinned: boolean;
  readonly users: readonly string[];
}

const DAY_MS = 86_400_000;

export function scopeAt(wish: ScopeWish | null, replica: string, nowMs: number): SyncScope | null {
  if (wish === null) return null;
  const { days, pinned, users } = wish;
  const from = `${new Date(nowMs - days * DAY_MS).toISOString().slice(0, 'YYYY-MM'.length)}-01`;
  return { from, pinned, users, replica };
}

/** Whether a vault may leave parts of this collection on the server. */
export function hasArchive(collection: CollectionName): boolean {
  return definitionOf(collection).archive !== undefined;
}

/** The first month (`YYYY-MM`) of which everything is held; null: every one. */
export function firstMonth(collection: CollectionName, scope: SyncScope | null): string | null {
  return scope === null || !hasArchive(collection) ? null : scope.from.slice(0, 'YYYY-MM'.length);
}

/** The id of the conversation that decides about a record; null where it decides itself. */
export function rootOf(collection: CollectionName, record: StoredRecord): string | null {
  const { archive } = definitionOf(collection);
  if (archive === undefined || !('of' in archive)) return null;
  const id = record[archive.by];
  return typeof id === 'string' ? id : null;
}

/** @param isRootHeld whether the vault has the conversation that decides */
export function isInScope(
  scope: SyncScope | null,
  collection: CollectionName,
  record: StoredRecord,
  isRootHeld: boolean,
): boolean {
  const { archive } = definitionOf(collection);
  if (scope === null || archive === undefined || dayOf(record) >= scope.from) return true;
  if ('of' in archive) return isRootHeld;
  const { updated_at, _meta } = record;
  return (
    (scope.pinned && record[archive.pinned] === true) ||
    scope.users.some((user) => record[archive.owner] === user) ||
    _meta.by.replica === scope.replica ||
    updated_at >= scope.from
  );
}
