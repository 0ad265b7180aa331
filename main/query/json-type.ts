import type { JsonType } from './clause.ts';
import { badFilter, shown } from './errors.ts';

const numeric: readonly JsonType[] = ['double', 'int'];
const none: readonly JsonType[] = [];

/** MongoDB's aliases and numbers of types. What JSON does not have is a legal question that nothing answers. */
const types = new Map<unknown, readonly JsonType[]>([
  ['number', numeric],
  ...(
    [
      ['double', 1],
      ['string', 2],
      ['object', 3],
      ['array', 4],
      ['bool', 8],
      ['null', 10],
      ['int', 16],
    ] as const
  ).flatMap(([name, code]): [unknown, readonly JsonType[]][] => [
    [name, [name]],
    [code, [name]],
  ]),
  ...(
    [
      ['binData', 5],
      ['undefined', 6],
      ['objectId', 7],
      ['date', 9],
      ['regex', 11],
      ['dbPointer', 12],
      ['javascript', 13],
      ['symbol', 14],
      ['javascriptWithScope', 15],
      ['timestamp', 17],
      ['long', 18],
      ['decimal', 19],
      ['minKey', -1],
      ['maxKey', 127],
    ] as const
  ).flatMap(([name, code]): [unknown, readonly JsonType[]][] => [
    [name, none],
    [code, none],
  ]),
]);

/** Reads the operand of $type: one alias or number, or a list of them. */
export function parseTypes(operand: unknown): readonly JsonType[] {
  const asked: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (asked.length === 0) throw badFilter('$type must name at least one type.', 'Write {"$type": "string"}.');
  return asked.flatMap((type) => {
    const found = types.get(type);
    if (found) return found;
    throw badFilter(
      `$type does not know the type ${shown(type)}.`,
      'Use number, double, int, string, object, array, bool or null.',
    );
  });
}

/** Undefined for an absent value and for what JSON does not have. */
export function jsonTypeOf(value: unknown): JsonType | undefined {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Object.is(value, value | 0) ? 'int' : 'double';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return 'array';
      return value instanceof Date ? undefined : 'object';
    default:
      return undefined;
  }
}
