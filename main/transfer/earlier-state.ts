import { isForeign } from './formats/read-values.ts';

/** Which record an import replaced. */
export interface RecordRef {
  readonly collection: 'conversations' | 'messages' | 'memories';
  readonly id: string;
}

type PlainRecord = Readonly<Record<string, unknown>>;
type SourcedRecord = PlainRecord & { readonly source: PlainRecord };

/** Fields that never change, so that an earlier state need not hold them. */
const fixed = new Set(['id', 'conversation_id', 'created_at']);
/** Beyond this a record and its earlier state may not fit into one record; the import can then not be undone for it. */
const MAX_STATE_LENGTH = 3 * 1024 ** 2;

/**
 * A record that an import writes over an earlier one. It stays the record of the import that created it
 * (`source.import_id`), says who changed it (`source.updated_by`) and carries what it was (`source.before`), for the undo.
 */
export function overwriting(record: SourcedRecord, stored: SourcedRecord, importId: string): Record<string, unknown> {
  const earlier = earlierState(stored);
  const isSmall = JSON.stringify(earlier).length <= MAX_STATE_LENGTH;
  const source = { ...record.source, import_id: stored.source['import_id'], updated_by: importId };
  return { ...record, source: isSmall ? { ...source, before: earlier } : source };
}

/** One step back is kept, not the whole way. */
function earlierState(stored: SourcedRecord): Record<string, unknown> {
  const { before: _before, ...source } = stored.source;
  const fields = Object.entries(stored).filter(([key, value]) => !fixed.has(key) && value !== undefined);
  return { ...Object.fromEntries(fields), source };
}

/** The record as it was before this import changed it; null where that is not known. */
export function stateBefore(record: SourcedRecord, importId: string): SourcedRecord | null {
  const { updated_by, before } = record.source;
  if (updated_by !== importId || !isForeign(before) || !isForeign(before['source'])) return null;
  const kept = Object.fromEntries(Object.entries(record).filter(([key]) => fixed.has(key)));
  return { ...kept, ...before, source: before['source'] };
}
