import type { Document, Sort } from 'mongodb';
import { AppError } from '../../shared/errors.ts';
import type { FindOptions, Projection, SortSpec } from '../../shared/store/store.ts';
import { ownName } from '../query/field-name.ts';
import { project } from '../query/project.ts';
import { parseSort } from '../query/sort-fields.ts';

export interface CheckedFind {
  readonly sort: Sort | undefined;
  readonly skip: number;
  /** 0: all. */
  readonly limit: number;
  readonly projection: Projection | undefined;
}

/** The options of a find, checked as every Store does it: BAD_INPUT, BAD_FILTER. */
export function checkFind({ sort, skip = 0, limit = 0, projection }: FindOptions): CheckedFind {
  for (const [name, value] of Object.entries({ skip, limit })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new AppError('BAD_INPUT', `${name} is ${String(value)}; it must be a whole number from 0.`, {
      remedy: `Give a ${name} of 0 or more.`,
      details: { field: name },
    });
  }
  if (projection) project({}, projection);
  const isPart = projection !== undefined && Object.keys(projection).length > 0;
  return { sort: sort && serverSort(sort), skip, limit, projection: isPart ? projection : undefined };
}

/** Equal records are ordered by id, in the direction of the last field, so that the order is total on every Store. */
export function serverSort(sort: SortSpec): Sort | undefined {
  const fields = parseSort(sort).map(({ field, direction }): [string, 1 | -1] => [serverName(field), direction]);
  const last = fields.at(-1);
  if (last === undefined) return undefined;
  const isTotal = fields.some(([field]) => field === '_id');
  return new Map(isTotal ? fields : [...fields, ['_id', last[1]]]);
}

export function serverName(field: string): string {
  return field === 'id' || field.startsWith('id.') ? `_${field}` : field;
}

/** What the server may leave out: of the fields asked for, `_meta` and the dates always come, so that a record can be told. */
export function serverProjection(projection: Projection | undefined): Document | undefined {
  if (projection === undefined) return undefined;
  const names = Object.keys(projection).filter((name) => ownName(name) !== 'id');
  if (names.length === 0 || names.some((name) => !projection[name])) return undefined;
  const wanted = names.filter((name) => !name.startsWith('_meta'));
  const fields = [...wanted, ...ALWAYS.filter((name) => !wanted.some((each) => each.split('.')[0] === name))];
  return Object.fromEntries(fields.map((name) => [name, 1]));
}

const ALWAYS = ['_meta', 'created_at', 'updated_at', 'timestamp'];
