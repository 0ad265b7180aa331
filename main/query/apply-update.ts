import { AppError } from '../../shared/errors.ts';
import { equalValues } from './compare-values.ts';
import { badUpdate, kindOf } from './errors.ts';
import { parseUpdate } from './parse-update.ts';
import type { Step } from './parse-update.ts';
import { fieldOf, isArrayIndex, isObject } from './path.ts';
import type { Path } from './path.ts';
import type { ApplyUpdate, PlainRecord } from './types.ts';
import { writePath } from './write-path.ts';

export const applyUpdate: ApplyUpdate = (record, update, context) => {
  try {
    const updated = parseUpdate(update, context).reduce(applyStep, record);
    refuseNewId(record, updated);
    return { record: updated as Record<string, unknown>, modified: updated !== record };
  } catch (error) {
    // $pull holds a filter and $push a sort: what is wrong with them is wrong with the update.
    if (!(error instanceof AppError) || error.code !== 'BAD_FILTER') throw error;
    throw new AppError('BAD_UPDATE', error.message, { remedy: error.remedy, cause: error });
  }
};

function applyStep(record: PlainRecord, step: Step): PlainRecord {
  // The root is an object and stays one: every path has at least one part.
  if (step.kind === 'change') return writePath(record, step.path, step.way, step.change) as PlainRecord;
  const moved = valueToMove(record, step.from);
  if (moved === undefined) return record;
  refuseLists(record, step.path);
  const without = writePath(record, step.from, 'look', () => undefined) as PlainRecord;
  return writePath(without, step.path, 'create', () => moved) as PlainRecord;
}

/** $rename works on fields of objects only, as MongoDB's: what is found inside a list is refused. */
function valueToMove(record: PlainRecord, path: Path): unknown {
  let value: unknown = record;
  for (const name of path) {
    if (value === undefined) return undefined;
    if (isObject(value)) value = fieldOf(value, name);
    else if (Array.isArray(value) && isArrayIndex(name)) value = value[Number(name)];
    else throw unreachable(path, `"${name}" is asked of ${kindOf(value)}`);
  }
  if (value !== undefined) refuseLists(record, path);
  return value;
}

function refuseLists(record: PlainRecord, path: Path): void {
  let value: unknown = record;
  for (const name of path) {
    if (Array.isArray(value)) throw unreachable(path, 'it lies in a list');
    value = isObject(value) ? fieldOf(value, name) : undefined;
  }
}

function unreachable(path: Path, reason: string): Error {
  return badUpdate(`$rename cannot reach "${path.join('.')}": ${reason}.`, 'Rename fields of objects only.');
}

/** A record that has an id keeps it; an upsert may be given one. */
function refuseNewId(before: PlainRecord, after: PlainRecord): void {
  const id = fieldOf(before, 'id');
  if (id === undefined || equalValues(id, fieldOf(after, 'id'))) return;
  throw badUpdate('The update would change the id of a record, which never changes.', 'Insert a new record instead.');
}
