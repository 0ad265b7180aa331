import type { Actor } from '../memory/audited-writes.ts';
import type { ManyAction, MemoryService } from '../memory/types.ts';

export type BulkAction = ManyAction | 'merge';

export interface BulkResult {
  readonly done: string[];
  readonly refused: { readonly id: string; readonly message: string }[];
  /** Events of the log that undo takes back. */
  readonly undo: string[];
}

/** Does the same to many memories, or makes them one. What is refused does not keep the others. */
export async function changeMany(
  memory: MemoryService,
  action: BulkAction,
  ids: readonly string[],
  actor: Actor,
): Promise<BulkResult> {
  if (action === 'merge') {
    const unique = [...new Set(ids)];
    await memory.merge(unique, actor);
    return { done: unique, refused: [], undo: await newestEvents(memory, unique) };
  }
  const { done, refused, changed } = await memory.changeMany(action, ids, actor);
  const undo = action === 'forget' ? [] : await newestEvents(memory, changed);
  return { done: [...done], refused: [...refused], undo };
}

/** The last thing that happened to each. */
async function newestEvents(memory: MemoryService, ids: readonly string[]): Promise<string[]> {
  const events = await Promise.all(ids.map((id) => memory.log({ id, limit: 1 })));
  return events.flat().map(({ id }) => id);
}
