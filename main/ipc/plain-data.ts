import { AppError } from '../../shared/errors.ts';

/** reliability.md §5.14. A message of one million characters, the longest the contract takes, fits four times. */
export const maxInputBytes = 8 * 1024 * 1024;
const maxDepth = 64;

const remedy = 'Send less in one call.';

/**
 * Refuses what the contract cannot mean before any schema looks at it: more than `maxInputBytes` (strings counted as
 * UTF-16), deeper than 64 levels, circular, or holding what JSON has no word for (maps, buffers, dates, functions).
 */
export function assertPlainData(value: unknown): void {
  let bytes = 0;
  const walk = (node: unknown, depth: number): void => {
    bytes += sizeOf(node);
    if (bytes > maxInputBytes) throw new AppError('BAD_INPUT', 'The input is larger than 8 MB.', { remedy });
    if (typeof node !== 'object' || node === null) return;
    if (depth >= maxDepth)
      throw new AppError('BAD_INPUT', `The input is nested more than ${maxDepth} levels deep.`, { remedy });
    if (!Array.isArray(node)) assertPlainObject(node);
    for (const [key, member] of Object.entries(node)) {
      bytes += key.length * 2;
      walk(member, depth + 1);
    }
  };
  walk(value, 0);
}

function sizeOf(node: unknown): number {
  switch (typeof node) {
    case 'string':
      return node.length * 2;
    case 'function':
    case 'symbol':
    case 'bigint':
      throw notPlain(typeof node);
    default:
      return 8;
  }
}

function assertPlainObject(node: object): void {
  const prototype: unknown = Object.getPrototypeOf(node);
  // Objects that crossed a border by structured clone have this realm's prototype; parsed JSON has it too.
  if (prototype !== Object.prototype && prototype !== null) throw notPlain(node.constructor.name);
}

function notPlain(what: string): AppError {
  return new AppError('BAD_INPUT', `The input holds a ${what}, which is not plain data.`, {
    remedy: 'Send text, numbers, booleans, null, lists and plain objects only.',
  });
}
