import { assertNever } from '../../shared/assert.ts';
import { toAppError } from '../../shared/errors.ts';
import type { Actor } from '../memory/audited-writes.ts';
import type { MemoryService } from '../memory/types.ts';

export type BulkAction = 'confirm' | 'pin' | 'unpin' | 'merge' | 'forget';

export interface BulkResult {
  readonly done: string[];
  readonly refused: { readonly id: string; readonly message: string }[];
  /** Events of the log that undo takes back. */
  readonly undo: string[];
}

/** Does the same to many memories, one after the other. What is refused does not keep the others. */
export async function changeMany(
  memory: MemoryService,
  action: BulkAction,
  ids: readonly string[],
  actor: Actor,
): Promise<BulkResult> {
  const result: BulkResult = { done: [], refused: [], undo: [] };
  const unique = [...new Set(ids)];
  if (action === 'merge') {
    await memory.merge(unique, actor);
    return { ...result, done: unique, undo: await newestEvents(memory, unique) };
  }
  for (const id of unique) {
    try {
      await changeOne(memory, action, id, actor);
      result.done.push(id);
      if (action !== 'forget') result.undo.push(...(await newestEvents(memory, [id])));
    } catch (error) {
      const { code, message } = toAppError(error);
      // What stops one would stop all.
      if (code !== 'NOT_FOUND' && code !== 'BAD_INPUT' && code !== 'CHANGED_MEANWHILE') throw error;
      result.refused.push({ id, message });
    }
  }
  return result;
}

async function changeOne(
  memory: MemoryService,
  action: Exclude<BulkAction, 'merge'>,
  id: string,
  actor: Actor,
): Promise<void> {
  switch (action) {
    case 'confirm':
      return void (await memory.confirm(id, actor));
    case 'pin':
      return void (await memory.edit(id, { pinned: true }, actor));
    case 'unpin':
      return void (await memory.edit(id, { pinned: false }, actor));
    case 'forget':
      return void (await memory.forget(id, actor));
    default:
      return assertNever(action, 'bulk action');
  }
}

/** The last thing that happened to each. */
async function newestEvents(memory: MemoryService, ids: readonly string[]): Promise<string[]> {
  const events = await Promise.all(ids.map((id) => memory.log({ id, limit: 1 })));
  return events.flat().map(({ id }) => id);
}
