import type { Collection as ServerCollection, CreateIndexesOptions, Document } from 'mongodb';
import type { IndexSpec } from '../../shared/store/store.ts';
import { parseSort } from '../query/sort-fields.ts';
import { brokenIndex, duplicateKey } from './duplicate-key.ts';
import { serverName } from './find-options.ts';
import { ALIVE } from './server-filter.ts';

/** An index as the server is asked for it. */
export interface ServerIndex {
  readonly key: ReadonlyMap<string, 1 | -1>;
  readonly options: CreateIndexesOptions & { readonly name: string };
}

/**
 * A Store's index on the server. A unique one leaves tombstones out, which have no fields. Any other goes on with `_id` in
 * the direction of its last field: that is how equal records are ordered, so that pages come from the index.
 */
export function serverIndex({ fields, unique, partial, name }: IndexSpec): ServerIndex {
  const parsed = parseSort(fields);
  const key = new Map(parsed.map(({ field, direction }) => [serverName(field), direction]));
  const usualName = [...key].map(([field, direction]) => `${field}_${direction}`).join('_');
  const last = parsed.at(-1)?.direction;
  if (!unique && last !== undefined && !key.has('_id')) key.set('_id', last);
  const filter = { ...(unique && !partial && ALIVE), ...partial };
  return {
    key,
    options: {
      name: name ?? usualName,
      ...(unique && { unique }),
      ...(Object.keys(filter).length > 0 && { partialFilterExpression: filter }),
    },
  };
}

/** Makes the index; the same again is harmless. Returns its name. DUPLICATE_KEY where documents there break it. */
export async function createServerIndex(
  server: ServerCollection<Document>,
  collection: string,
  spec: IndexSpec,
): Promise<string> {
  const { key, options } = serverIndex(spec);
  try {
    await server.createIndex(new Map(key), options);
    return options.name;
  } catch (error) {
    if (brokenIndex(error) === null) throw error;
    const { keyPattern = {}, keyValue = {} } = error as Partial<
      Record<'keyPattern' | 'keyValue', Record<string, unknown>>
    >;
    throw duplicateKey(collection, options.name, keyPattern, keyValue);
  }
}
