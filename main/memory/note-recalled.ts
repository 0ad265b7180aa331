import { type Clock, isoNow } from '../lib/clock.ts';
import type { Actor, AuditedWrites } from './audited-writes.ts';
import { IN_A_TURN } from './change-many.ts';
import { type MemoryBook, type StoredMemory, bare } from './memory-book.ts';
import type { KnownMemory } from './recall.ts';

interface Ports {
  readonly clock: Clock;
  readonly writes: AuditedWrites;
  readonly book: MemoryBook;
}

/**
 * Notes that these memories were given out. Once on a UTC day for each, so that neither the log nor what is synchronised
 * grows with every question: `recall_count` counts such days.
 */
export async function noteRecalled(
  { clock, writes, book }: Ports,
  ids: readonly string[],
  actor: Actor,
): Promise<void> {
  const now = isoNow(clock);
  const due = (some: readonly string[]): StoredMemory[] =>
    some.flatMap((id) => {
      const memory = book.get(id);
      return memory && memory.state !== 'forgotten' && !isNoted(memory, now) ? [memory] : [];
    });
  await book.refresh();
  const waiting = due([...new Set(ids)]).map(({ id }) => id);
  for (let from = 0; from < waiting.length; from += IN_A_TURN) {
    await writes.change(actor, async () => {
      await book.refresh();
      return due(waiting.slice(from, from + IN_A_TURN)).map((before) => ({
        collection: 'memories',
        before,
        after: bare({ ...before, last_recalled_at: now, recall_count: (before.recall_count ?? 0) + 1 }),
        event_type: 'MEMORY_UPDATED',
        action: 'recall',
      }));
    });
  }
}

function isNoted({ last_recalled_at: at }: KnownMemory, now: string): boolean {
  return at != null && at.slice(0, 'YYYY-MM-DD'.length) >= now.slice(0, 'YYYY-MM-DD'.length);
}
