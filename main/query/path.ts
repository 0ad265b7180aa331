/** A dotted path, split once. */
export type Path = readonly string[];

export function splitPath(path: string): Path {
  return path.split('.');
}

const arrayIndex = /^(?:0|[1-9]\d*)$/;

/** True for a path component that may be an array position. */
export function isArrayIndex(component: string): boolean {
  return arrayIndex.test(component);
}

/** An object as JSON has them; not null, an array, or what a filter given in code may hold besides. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof RegExp)
  );
}

/** The object's own field; never `constructor` and the like from its prototype. */
export function fieldOf(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

type Test = (value: unknown) => boolean;

/**
 * Asks whether any value at the path passes the test. Arrays on the way are entered, one level each: their objects are
 * searched for the rest of the path, and a number in the path also names a position. A value that is absent where an
 * object could have held it is tested as `undefined`.
 *
 * @param atPosition the test of a value that the path reaches as a position of an array
 */
export function someValueAt(path: Path, test: Test, atPosition: Test): Test {
  return (root) => search(root, 0);

  function search(from: unknown, start: number): boolean {
    let value = from;
    for (let at = start; at < path.length; at++) {
      if (Array.isArray(value)) return searchArray(value, at);
      if (!isObject(value)) return test(undefined);
      value = fieldOf(value, path[at] as string);
    }
    return test(value);
  }

  function searchArray(array: readonly unknown[], at: number): boolean {
    const component = path[at] as string;
    const position = isArrayIndex(component) ? Number(component) : -1;
    return array.some((element, index) => {
      if (isObject(element) && search(element, at)) return true;
      if (index !== position) return false;
      if (at + 1 === path.length) return atPosition(element);
      // A scalar at a position has no rest of the path, which is not the same as an absent one.
      return (isObject(element) || Array.isArray(element)) && search(element, at + 1);
    });
  }
}
