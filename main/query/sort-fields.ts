import { badFilter, shown } from './errors.ts';
import { ownName } from './field-name.ts';
import { isObject, splitPath } from './path.ts';
import type { Path } from './path.ts';

export interface SortField {
  readonly field: string;
  readonly path: Path;
  readonly direction: 1 | -1;
}

const REMEDY = 'Write {"field": 1} for ascending or {"field": -1} for descending.';

/** Reads a sort or the fields of an index. */
export function parseSort(sort: unknown): readonly SortField[] {
  if (!isObject(sort)) throw badFilter(`The sort must be an object, not ${shown(sort)}.`, REMEDY);
  return Object.entries(sort).map(([name, direction]) => {
    const field = ownName(name);
    if (direction !== 1 && direction !== -1) {
      throw badFilter(`The sort on "${name}" is ${shown(direction)}; it must be 1 or -1.`, REMEDY);
    }
    const path = splitPath(field);
    if (path.some((component) => component === '' || component.startsWith('$'))) {
      throw badFilter(`"${name}" is not a field that can be sorted by.`, REMEDY);
    }
    return { field, path, direction };
  });
}
