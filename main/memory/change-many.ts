import { type Clock, isoNow } from '../lib/clock.ts';
import { createTimeSlices } from '../lib/time-slices.ts';
import type { Actor, AuditedChange, AuditedWrites } from './audited-writes.ts';
import { noSuchMemory, wrongState } from './errors.ts';
import type { Forgetter } from './forget.ts';
import { confirmed } from './life.ts';
import { type MemoryBook, type StoredMemory, bare } from './memory-book.ts';
import type { ChangedMany, ManyAction } from './types.ts';

interface Ports {
  readonly clock: Clock;
  readonly writes: AuditedWrites;
  readonly book: MemoryBook;
  readonly forgetter: Forgetter;
}

/** Changes in one commit: its turn of the event loop stays below 50 ms. */
export const IN_A_TURN = 25;

/** Does the same to many memories, a commit for every few of them with an event for each. What is refused does not keep the others. */
export async function changeMany(
  { clock, writes, book, forgetter }: Ports,
  action: ManyAction,
  ids: readonly string[],
  actor: Actor,
): Promise<ChangedMany> {
  const refused = new Map<string, string>();
  const changed: string[] = [];
  const slices = createTimeSlices();

  /** Those that are there and have text; the others are refused. */
  function living(some: readonly string[]): StoredMemory[] {
    return some.flatMap((id) => {
      const memory = book.get(id);
      if (memory && memory.state !== 'forgotten') return [memory];
      refused.set(id, (memory ? wrongState(id, 'forgotten', 'not forgotten') : noSuchMemory(id)).message);
      return [];
    });
  }

  const unique = [...new Set(ids)];
  await book.refresh();
  if (action === 'forget') {
    const there = living(unique).map(({ id }) => id);
    if (there.length > 0) await forgetter.forget(there, actor, action);
    return { done: there, refused: listed(refused), changed: there };
  }
  for (let from = 0; from < unique.length; from += IN_A_TURN) {
    const before = new Map<string, string>();
    await writes.change(actor, async () => {
      await book.refresh();
      return living(unique.slice(from, from + IN_A_TURN)).map((memory) => {
        before.set(memory.id, memory._meta.rev);
        return changeOf(action, memory, isoNow(clock));
      });
    });
    await book.refresh();
    for (const [id, rev] of before) if (book.get(id)?._meta.rev !== rev) changed.push(id);
    await slices.pause();
  }
  return { done: unique.filter((id) => !refused.has(id)), refused: listed(refused), changed };
}

function changeOf(action: Exclude<ManyAction, 'forget'>, before: StoredMemory, now: string): AuditedChange {
  const base = { collection: 'memories', before, action } as const;
  if (action === 'confirm') return { ...base, after: bare(confirmed(before, now)), event_type: 'MEMORY_CONFIRMED' };
  return { ...base, after: bare({ ...before, pinned: action === 'pin' }), event_type: 'MEMORY_UPDATED' };
}

function listed(refused: ReadonlyMap<string, string>): ChangedMany['refused'] {
  return [...refused].map(([id, message]) => ({ id, message }));
}
