import { badUpdate, kindOf } from './errors.ts';
import { fieldOf, isArrayIndex, isObject } from './path.ts';
import type { Path } from './path.ts';

/** MongoDB's bound for filling an array with nulls up to a position. */
const MAX_FILL = 1_500_000;

/** The new value in place of the current one; `undefined` stands for an absent field on both sides. */
export type Change = (current: unknown) => unknown;

/**
 * What to do on the way to a path. `create`: what is missing is made, what blocks is an error. `visit`: what is missing
 * ends it, what blocks is an error. `look`: both end it.
 */
export type Way = 'create' | 'visit' | 'look';

/**
 * The value with one path changed. Copies only what is on the way, and nothing when the change gives back the current
 * value. BAD_UPDATE when something blocks the way.
 */
export function writePath(root: Readonly<Record<string, unknown>>, path: Path, way: Way, change: Change): unknown {
  return write(root, 0);

  function write(value: unknown, at: number): unknown {
    if (at === path.length) return change(value);
    if (isObject(value)) return writeField(value, at);
    if (Array.isArray(value) && isArrayIndex(path[at] as string)) return writeElement(value, at);
    if (value === undefined) return way === 'create' ? writeField({}, at) : value;
    if (way === 'look') return value;
    throw blocked(value, path, at);
  }

  function writeField(object: Readonly<Record<string, unknown>>, at: number): unknown {
    const name = path[at] as string;
    const current = fieldOf(object, name);
    const next = write(current, at + 1);
    if (next === current) return object;
    if (next !== undefined) return { ...object, [name]: next };
    const { [name]: _removed, ...rest } = object;
    return rest;
  }

  function writeElement(array: readonly unknown[], at: number): unknown {
    const index = Number(path[at]);
    if (index >= array.length && way !== 'create') return array;
    if (index >= array.length + MAX_FILL) {
      throw badUpdate(`"${path.join('.')}" lies too far beyond the end of the list.`, 'Use $push to append.');
    }
    const current = array[index];
    const next = write(current, at + 1);
    // Past the end the gap is filled with nulls; $unset leaves a null too, so that others keep their places.
    if (next === current || (next ?? null) === current) return array;
    return Array.from({ length: Math.max(array.length, index + 1) }, (_, each) =>
      each === index ? (next ?? null) : (array[each] ?? null),
    );
  }
}

function blocked(value: unknown, path: Path, at: number): Error {
  const parent = path.slice(0, at).join('.');
  return badUpdate(
    `"${path.join('.')}" cannot be reached: "${parent}" is ${kindOf(value)}, which has no field "${path[at]}".`,
    `Set "${parent}" to an object first, or correct the path.`,
  );
}
