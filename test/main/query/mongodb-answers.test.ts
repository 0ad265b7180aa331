import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyUpdate } from '../../../main/query/apply-update.ts';
import { compareBy } from '../../../main/query/compare-by.ts';
import { compileFilter } from '../../../main/query/compile-filter.ts';
import { project } from '../../../main/query/project.ts';
import type { PlainRecord } from '../../../main/query/types.ts';
import { upsertSeed } from '../../../main/query/upsert-seed.ts';
import { AppError } from '../../../shared/errors.ts';
import type { Filter, Projection, SortSpec, Update } from '../../../shared/store/store.ts';

/** What a real mongod answered to random questions; main/query/README.md tells how it was recorded. `null`: refused. */
type Answer =
  | { readonly kind: 'records'; readonly mongod: string; readonly records: readonly PlainRecord[] }
  | { readonly kind: 'filter'; readonly filter: Filter; readonly found: readonly string[] }
  | { readonly kind: 'sort'; readonly sort: SortSpec; readonly order: readonly string[] | null }
  | {
      readonly kind: 'projection';
      readonly record: PlainRecord;
      readonly projection: Projection;
      readonly result: unknown;
    }
  | { readonly kind: 'update'; readonly record: PlainRecord; readonly update: Update; readonly result: unknown }
  | { readonly kind: 'upsert'; readonly filter: Filter; readonly update: Update; readonly result: unknown };

const answers = readFileSync(join(import.meta.dirname, 'mongodb-answers.ndjson'), 'utf8')
  .trimEnd()
  .split('\n')
  // The file is ours; its lines have this shape.
  .map((line) => JSON.parse(line) as Answer);
const records = answers.flatMap((answer) => (answer.kind === 'records' ? answer.records : []));
const context = { now: '2026-11-20T12:00:00.000Z', isInsert: false };

function orRefused<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError && error.code !== 'INTERNAL') return null;
    throw error;
  }
}

/** Field order counts, but not at the top of an upsert: the server reorders a filter before it seeds from it. */
function text(value: unknown, sortsTop = false): string {
  if (!sortsTop || typeof value !== 'object' || value === null) return JSON.stringify(value);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function ownAnswer(answer: Answer): unknown {
  switch (answer.kind) {
    case 'records':
      return null;
    case 'filter':
      return records.filter(compileFilter(answer.filter)).map((record) => record['id']);
    case 'sort':
      return orRefused(() => records.toSorted(compareBy(answer.sort)).map((record) => record['id']));
    case 'projection':
      return orRefused(() => project(answer.record, answer.projection));
    case 'update':
      return orRefused(() => applyUpdate(answer.record, answer.update, context).record);
    default:
      return orRefused(
        () => applyUpdate(upsertSeed(answer.filter), answer.update, { ...context, isInsert: true }).record,
      );
  }
}

function expected(answer: Answer): unknown {
  if (answer.kind === 'filter') return answer.found;
  if (answer.kind === 'sort') return answer.order;
  return answer.kind === 'records' ? null : answer.result;
}

test.each(['filter', 'sort', 'projection', 'update', 'upsert'] as const)(
  'every recorded %s has the outcome that mongod 8.2 gave',
  (kind) => {
    const asked = answers.filter((answer) => answer.kind === kind);
    const sortsTop = kind === 'upsert';
    const different = asked
      .map((answer) => ({ answer, mine: text(ownAnswer(answer), sortsTop), theirs: text(expected(answer), sortsTop) }))
      .filter(({ mine, theirs }) => mine !== theirs);
    expect(different).toEqual([]);
    expect(asked.length).toBeGreaterThanOrEqual(60);
  },
);
