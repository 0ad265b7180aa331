import type { z } from 'zod';
import type { ConversationRow } from '../../shared/ipc/models.ts';
import type { Projection } from '../../shared/store/store.ts';
import type { ConversationRecord } from './records.ts';

export type Row = z.infer<typeof ConversationRow>;

/** All of these stand in the index: listing with this projection opens no file. */
export const rowProjection: Projection = {
  id: 1,
  title: 1,
  created_at: 1,
  updated_at: 1,
  pinned: 1,
  archived: 1,
  tags: 1,
  provider: 1,
};

/** Tolerates absent fields: another program's record in the vault may have few of them. */
export function toRow(record: Partial<ConversationRecord> & { readonly id: string }): Row {
  const createdAt = record.created_at ?? record.updated_at ?? new Date(0).toISOString();
  const updatedAt = record.updated_at ?? createdAt;
  return {
    id: record.id,
    title: record.title ?? '',
    created_at: createdAt,
    updated_at: updatedAt,
    day: localDay(Date.parse(updatedAt) || 0),
    pinned: record.pinned ?? false,
    archived: record.archived ?? false,
    tags: [...(record.tags ?? [])],
    provider: record.provider ?? null,
  };
}

/** `YYYY-MM-DD` in the time zone of this machine: the reader's day, not UTC's. */
export function localDay(timeMs: number): string {
  const date = new Date(timeMs);
  const month = String(date.getMonth() + 1).padStart(2, '0');
  const day = String(date.getDate()).padStart(2, '0');
  return `${String(date.getFullYear()).padStart(4, '0')}-${month}-${day}`;
}
