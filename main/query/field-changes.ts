import { compareValues, equalValues } from './compare-values.ts';
import { badUpdate, kindOf, shown } from './errors.ts';
import { isObject } from './path.ts';
import { finite, plainValue } from './plain-value.ts';
import type { UpdateContext } from './types.ts';
import type { Change } from './write-path.ts';

type MakeChange = (operand: unknown, field: string, context: UpdateContext) => Change;

/** The operators that work on one value. Each reads its operand once and gives the change. */
export const fieldChanges = {
  $set: setTo,
  $setOnInsert: setTo,
  $unset: () => () => undefined,
  $inc: (operand, field) => arithmetic('$inc', operand, field, (current, by) => (current ?? 0) + by),
  $mul: (operand, field) => arithmetic('$mul', operand, field, (current, by) => (current ?? 0) * by),
  $min: (operand, field) => bounded(operand, field, -1),
  $max: (operand, field) => bounded(operand, field, 1),
  $currentDate: currentDate,
} as const satisfies Record<string, MakeChange>;

function setTo(operand: unknown, field: string): Change {
  const value = plainValue(operand, field);
  return (current) => (current !== undefined && equalValues(current, value) ? current : value);
}

function arithmetic(
  operator: string,
  operand: unknown,
  field: string,
  compute: (current: number | undefined, by: number) => number,
): Change {
  if (typeof operand !== 'number') {
    throw badUpdate(`${operator} on "${field}" needs a number, not ${shown(operand)}.`, 'Give a number.');
  }
  const by = finite(operand, field);
  return (current) => {
    if (current !== undefined && typeof current !== 'number') {
      throw badUpdate(
        `${operator} needs a number, but "${field}" is ${kindOf(current)}.`,
        'Use $set to make it a number.',
      );
    }
    return finite(compute(current, by), field);
  };
}

/** $min and $max compare across types as sorts do. */
function bounded(operand: unknown, field: string, sign: 1 | -1): Change {
  const value = plainValue(operand, field);
  return (current) => (current === undefined || compareValues(value, current) * sign > 0 ? value : current);
}

/** Writes ISO text whatever is asked, since our dates are ISO text; a timestamp is MongoDB's own kind of clock. */
function currentDate(operand: unknown, field: string, context: UpdateContext): Change {
  const asksDate = typeof operand === 'boolean' || (isObject(operand) && equalValues(operand, { $type: 'date' }));
  if (!asksDate) {
    throw badUpdate(`$currentDate on "${field}" is ${shown(operand)}.`, 'Give true or {"$type": "date"}.');
  }
  return () => context.now;
}
