import type { Store } from '../../shared/store/store.ts';
import { AppError } from '../../shared/errors.ts';
import { createTimeSlices } from '../lib/time-slices.ts';
import { type AuditedChange, auditedCollections } from './audited-writes.ts';
import type { ChainedEvent, State } from './log/event.ts';
import { type Difference, type Replayed, compareStates, createReplay, endOfDay } from './log/replay.ts';
import { createUnlogged, keyOf as changeKey } from './log/unlogged.ts';
import type { LogQuery } from './types.ts';

/** Reads the memory log: what happened, and how things stood. */
export interface MemoryLog {
  events(query?: LogQuery): Promise<ChainedEvent[]>;
  asOf(day: string, id?: string): Promise<{ readonly entity_key: string; readonly state: State | 'redacted' }[]>;
  compareDays(from: string, to: string): Promise<Difference[]>;
  /** What the log does not know of yet, as changes that note it. */
  unlogged(): Promise<AuditedChange[]>;
  /** The same of these alone, as they are now. */
  unloggedOf(changes: readonly AuditedChange[]): Promise<AuditedChange[]>;
  close(): void;
}

export function createMemoryLog(store: Store): MemoryLog {
  const collection = store.collection('memory_events');
  const unlogged = createUnlogged(store);

  async function replayedUntil(day: string): Promise<Replayed> {
    const all = createReplay(endOfDay(checkedDay(day)));
    const slices = createTimeSlices();
    for await (const event of collection.stream()) {
      all.take(event as ChainedEvent);
      await slices.pause();
    }
    return all.states();
  }

  return {
    async events({ id, subject_id, tenant_id, limit = 50 } = {}) {
      const filter = {
        ...(id !== undefined && { entity_key: keyOf(id) }),
        ...(subject_id !== undefined && { subject_id }),
        ...(tenant_id !== undefined && { tenant_id }),
      };
      return (await collection.find(filter, { sort: { created_at: -1, event_sequence: -1 }, limit })) as ChainedEvent[];
    },
    async asOf(day, id) {
      const states = await replayedUntil(day);
      const wanted = id === undefined ? undefined : keyOf(id);
      return [...states]
        .filter(([key]) => wanted === undefined || key === wanted)
        .map(([entity_key, state]) => ({ entity_key, state }));
    },
    async compareDays(from, to) {
      return compareStates(await replayedUntil(from), await replayedUntil(to));
    },
    unlogged: () => unlogged.check(),
    unloggedOf: (changes) => unlogged.checkSome(changes.map(changeKey)),
    close: () => unlogged.close(),
  };
}

/** An id by itself is a memory's; one with a slash names its collection. */
function keyOf(id: string): string {
  return auditedCollections.some((name) => id.startsWith(`${name}/`)) ? id : `memories/${id}`;
}

export function checkedDay(day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return day;
  throw new AppError('BAD_INPUT', `${JSON.stringify(day)} is no day.`, {
    remedy: 'Give a day as YYYY-MM-DD, for example 2026-03-03.',
    details: { argument: 'DAY' },
  });
}
