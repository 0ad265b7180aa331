import type { IdState, StoredConversation } from './lookup.ts';
import type { MappedConversation } from './to-records.ts';

/** The record's id: that of an earlier import of it, else the source's own, else (taken or unfit) a derived one. */
export function chooseId(
  mapped: MappedConversation,
  taken: ReadonlyMap<string, IdState>,
): { readonly id: string; readonly stored: StoredConversation | null } {
  const { app, source_id } = mapped.record.source;
  const ours = [mapped.derivedId, mapped.keptId].flatMap((id) => {
    const record = id === null ? undefined : taken.get(id)?.record;
    const isIt = record && record !== 'foreign' && record.source.app === app && record.source.source_id === source_id;
    return isIt ? [record] : [];
  });
  const [stored] = ours;
  if (stored) return { id: stored.id, stored };
  const isFree = mapped.keptId !== null && !taken.has(mapped.keptId);
  return { id: isFree && mapped.keptId !== null ? mapped.keptId : mapped.derivedId, stored: null };
}
