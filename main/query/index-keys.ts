import { fieldOf, isArrayIndex, isObject } from './path.ts';
import type { Path } from './path.ts';

/** A key of one record: a value per path. */
export type Key = readonly unknown[];

/**
 * The keys of a record for some paths, as MongoDB's indexes and sorts have them. A missing value is null. An array
 * gives a key per element; an empty one `undefined`, which ranks below null. Paths into one array give, per element,
 * what that element has. Paths into different arrays, which MongoDB refuses, give every combination, or the error of
 * `onParallel`.
 */
export function keysOf(record: unknown, paths: readonly Path[], onParallel?: () => Error): Key[] {
  return expand(
    paths.map((path) => ({ value: record, rest: path })),
    onParallel,
  );
}

/** A place on the way along a path. `rest` null: arrived, and `value` is the key's part even where it is an array. */
interface Place {
  readonly value: unknown;
  readonly rest: Path | null;
}

function expand(places: readonly Place[], onParallel: (() => Error) | undefined): Key[] {
  const advanced = places.map(advance);
  const arrays = new Set(advanced.filter((place) => place.rest !== null).map((place) => place.value));
  const [array] = arrays;
  if (!Array.isArray(array)) return [advanced.map((place) => place.value)];
  if (arrays.size > 1 && onParallel) throw onParallel();
  const elements: readonly unknown[] = array.length === 0 ? [undefined] : array;
  return elements.flatMap((element) =>
    expand(
      advanced.map((place) => (place.rest !== null && place.value === array ? enter(element, place.rest) : place)),
      onParallel,
    ),
  );
}

/** Goes to the end of the path, or to the first array on it. */
function advance(place: Place): Place {
  if (place.rest === null) return place;
  let { value } = place;
  for (const [at, component] of place.rest.entries()) {
    if (isObject(value)) value = fieldOf(value, component);
    else if (!Array.isArray(value)) return absent;
    else if (isArrayIndex(component) && Number(component) < value.length) value = value[Number(component)];
    else return { value, rest: place.rest.slice(at) };
    if (value === undefined) return absent;
  }
  return Array.isArray(value) ? { value, rest: [] } : { value, rest: null };
}

const absent: Place = { value: null, rest: null };

/** At the end of the path an element is the key, an inner array too. Before it, only objects have what is asked. */
function enter(element: unknown, rest: Path): Place {
  if (rest.length === 0) return { value: element, rest: null };
  return isObject(element) ? { value: element, rest } : absent;
}
