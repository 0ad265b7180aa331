import { AppError } from '../../../shared/errors.ts';
import { recordId } from '../batch.ts';
import { type UniqueGuard, createUniqueGuard } from '../unique-guard.ts';
import type { Refusal } from './check-version.ts';
import type { Planned } from './sync-plan.ts';

/** By place in the list: why the indexes cannot take a step, all of them being carried out together. */
export function keyRefusals(steps: readonly Planned[]): Map<number, Refusal> {
  const guard = createUniqueGuard();
  // Keys that a step gives up are free for every other one, in whatever order they come.
  for (const operation of steps.flatMap(({ operations }) => operations)) {
    if (operation.before) guard.remove(operation.table, recordId(operation));
  }
  const refusals = new Map<number, Refusal>();
  for (const [at, step] of steps.entries()) {
    const refusal = refusalOf(guard, step);
    if (refusal) refusals.set(at, refusal);
  }
  return refusals;
}

function refusalOf(guard: UniqueGuard, { operations }: Planned): Refusal | undefined {
  try {
    for (const operation of operations) {
      if (operation.kind === 'delete') continue;
      const { table, record } = operation;
      guard.put(table, record.id, table.shape.pick(record));
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'invalid', reason: error.message };
  }
}
