import type { StoredRecord } from '../records/stored-record.ts';
import type { Base } from './ports.ts';

/** What is remembered of a version that the server holds. */
export function baseOf(record: StoredRecord): Base {
  const { rev, gen, anc, hlc, del } = record._meta;
  return { rev, gen, anc, hlc, ...(del && { del }), day: dayOf(record) };
}

/** UTC day, `YYYY-MM-DD`, of a record; offsets are resolved. */
export function dayOf({ created_at }: { readonly created_at: string }): string {
  return created_at.endsWith('Z') ? created_at.slice(0, 10) : new Date(created_at).toISOString().slice(0, 10);
}
