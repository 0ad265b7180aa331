import type { Committed } from '../../shared/store/commit.ts';
import type { Store } from '../../shared/store/store.ts';
import { AppError } from '../../shared/errors.ts';
import { isSameJson } from '../lib/canonical-json.ts';
import { type AuditedChange, auditedCollections, withoutMeta } from './audited-writes.ts';
import type { ChainedEvent, State } from './log/event.ts';
import { type Difference, type Replayed, compareStates, endOfDay, replay } from './log/replay.ts';
import type { LogQuery } from './types.ts';

/** Reads the memory log: what happened, and how things stood. */
export interface MemoryLog {
  events(query?: LogQuery): Promise<ChainedEvent[]>;
  asOf(day: string, id?: string): Promise<{ readonly entity_key: string; readonly state: State | 'redacted' }[]>;
  compareDays(from: string, to: string): Promise<Difference[]>;
  /** What the log does not know of yet, as changes that note it. */
  unlogged(): Promise<AuditedChange[]>;
}

export function createMemoryLog(store: Store): MemoryLog {
  const collection = store.collection('memory_events');

  async function all(): Promise<ChainedEvent[]> {
    return (await collection.find()) as ChainedEvent[];
  }

  async function replayedUntil(day: string): Promise<Replayed> {
    return replay(await all(), endOfDay(checkedDay(day)));
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
    async unlogged() {
      const states = new Map(replay(await all()));
      const changes: AuditedChange[] = [];
      for (const name of auditedCollections) {
        for (const record of (await store.collection(name).find()) as Committed[]) {
          const key = `${name}/${record.id}`;
          const known = states.get(key) ?? null;
          states.delete(key);
          const after = withoutMeta(record) as State & { readonly id: string };
          if (!isSameJson(known, after)) changes.push(observation(name, known, after, record.id));
        }
      }
      for (const [key, known] of states) {
        const [name, id] = split(key);
        const isAudited = auditedCollections.find((each) => each === name);
        if (isAudited) changes.push(observation(isAudited, known, null, id));
      }
      return changes;
    },
  };
}

function observation(
  collection: AuditedChange['collection'],
  known: State | 'redacted' | null,
  after: (State & { readonly id: string }) | null,
  id: string,
): AuditedChange {
  // Only read to name the record and to say what was; the store is not asked to change anything.
  const before = { id, ...(known === 'redacted' ? {} : known) } as unknown as Committed;
  return { collection, before, after, event_type: 'STATE_OBSERVED', action: 'observe', observed: true };
}

/** An id by itself is a memory's; one with a slash names its collection. */
function keyOf(id: string): string {
  return auditedCollections.some((name) => id.startsWith(`${name}/`)) ? id : `memories/${id}`;
}

function split(key: string): [string, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at), key.slice(at + 1)];
}

export function checkedDay(day: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(`${day}T00:00:00Z`))) return day;
  throw new AppError('BAD_INPUT', `${JSON.stringify(day)} is no day.`, {
    remedy: 'Give a day as YYYY-MM-DD, for example 2026-03-03.',
    details: { argument: 'DAY' },
  });
}
