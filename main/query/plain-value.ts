import { badUpdate } from './errors.ts';
import { forbiddenNames } from './field-name.ts';
import { isObject } from './path.ts';

/** As deep as MongoDB nests. */
const MAX_DEPTH = 100;

/**
 * A copy of a value that an update writes, as the JSON that it will be on disk: dates as ISO text, `undefined` as null
 * (as MongoDB's driver has it). BAD_UPDATE for what JSON cannot hold, and for names that could reach a prototype.
 */
export function plainValue(value: unknown, field: string, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw badUpdate(`The value for "${field}" is nested too deep.`, 'Store it flatter.');
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    case 'number':
      return finite(value, field);
    case 'object':
      return value === null ? null : plainObject(value, field, depth);
    default:
      throw badUpdate(
        `The value for "${field}" is a ${typeof value}, which JSON cannot hold.`,
        'Give plain JSON values.',
      );
  }
}

/** JSON writes NaN and Infinity as null: the number would be lost on the way to disk. */
export function finite(value: number, field: string): number {
  if (Number.isFinite(value)) return value;
  throw badUpdate(`"${field}" would become ${value}, which JSON cannot hold.`, 'Use finite numbers.');
}

function plainObject(value: object, field: string, depth: number): unknown {
  if (Array.isArray(value)) return value.map((each) => plainValue(each, field, depth + 1));
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isObject(value) || (prototype !== Object.prototype && prototype !== null)) {
    throw badUpdate(
      `The value for "${field}" is a ${value.constructor.name}, which JSON cannot hold.`,
      'Give plain JSON values.',
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      if (forbiddenNames.has(name)) throw forbidden(name);
      return [name, plainValue(member, field, depth + 1)];
    }),
  );
}

export function forbidden(name: string): Error {
  return badUpdate(`A field cannot be named ${name}.`, 'Choose another name.');
}
