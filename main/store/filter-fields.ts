import type { Filter } from '../../shared/store/store.ts';

const COMBINING = new Set(['$and', '$or', '$nor']);

/** The dotted fields that a filter looks at; null where that cannot be told from its shape. */
export function fieldsOfFilter(filter: Filter): ReadonlySet<string> | null {
  const fields = new Set<string>();
  return collect(filter, fields) ? fields : null;
}

function collect(filter: Filter, fields: Set<string>): boolean {
  for (const [key, value] of Object.entries(filter)) {
    if (COMBINING.has(key)) {
      if (!Array.isArray(value)) return false;
      if (
        !value.every((part: unknown) => typeof part === 'object' && part !== null && collect(part as Filter, fields))
      ) {
        return false;
      }
    } else if (key === '$comment') continue;
    else if (key.startsWith('$')) return false;
    else fields.add(key === '_id' ? 'id' : key);
  }
  return true;
}
