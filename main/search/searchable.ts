import type { SearchText } from '../../shared/collections/define.ts';
import { collectionNames, registry, type CollectionName } from '../../shared/collections/registry.ts';

/** What search knows of a record: its text, and what its rank depends on. */
export interface Searchable extends SearchText {
  readonly id: string;
  readonly conversationId: string | null;
  readonly createdAt: string;
  /** Kept but not shown where it came from, or an instruction: found too, below the rest. */
  readonly demoted: boolean;
}

/** A record as it stands in a file, parsed but not checked. */
export type RawRecord = Readonly<Record<string, unknown>> & { readonly id: string };

export const searchableCollections: readonly CollectionName[] = collectionNames.filter(
  (name) => 'searchText' in registry[name],
);

export function searchableOf(collection: CollectionName, record: RawRecord): Searchable {
  const text = textOf(collection, record);
  const createdAt = record['created_at'];
  const conversationId = collection === 'conversations' ? record.id : record['conversation_id'];
  return {
    id: record.id,
    title: text.title,
    body: text.body,
    conversationId: typeof conversationId === 'string' ? conversationId : null,
    createdAt: typeof createdAt === 'string' ? createdAt : new Date(0).toISOString(),
    demoted: record['hidden'] === true || record['role'] === 'system',
  };
}

function textOf(collection: CollectionName, record: RawRecord): SearchText {
  const definition = registry[collection];
  if (!('searchText' in definition)) return { title: '', body: '' };
  // The union of the collections' functions takes no argument; each is given what its own schema has parsed.
  const searchText = definition.searchText as (record: unknown) => SearchText;
  try {
    return searchText(record);
  } catch {
    // A hand-written file without the fields that have defaults: the schema fills them in.
    const parsed = definition.schema.safeParse(record);
    return parsed.success ? searchText(parsed.data) : { title: '', body: '' };
  }
}
