import type { MemoryEvent } from '../../../shared/collections/memory_events.ts';
import { isSameJson } from '../../lib/canonical-json.ts';
import type { State } from './event.ts';

/** What the log says of a record at a time. */
export type Remembered = { readonly state: State } | { readonly state: null; readonly reason: 'absent' | 'redacted' };

/** All records that the log knows of, by `<collection>/<id>`. */
export type Replayed = ReadonlyMap<string, State | 'redacted'>;

/** When an event took effect: one that a seal carried over keeps its old time. */
export function effectiveAt(event: MemoryEvent): string {
  const at = event.event_type === 'STATE_CARRIED' ? event.operation['at'] : undefined;
  return typeof at === 'string' ? at : event.created_at;
}

/** Events in the order in which they took effect; of one chain in its order. */
export function inOrder<T extends MemoryEvent>(events: readonly T[]): readonly T[] {
  // They come from the files by day, so mostly they are in order already.
  const isOrdered = events.every((event, at) => at === 0 || order(events[at - 1] ?? event, event) <= 0);
  return isOrdered ? events : events.toSorted(order);
}

function order(a: MemoryEvent, b: MemoryEvent): number {
  const [first, second] = [effectiveAt(a), effectiveAt(b)];
  if (first !== second) return first < second ? -1 : 1;
  if (a.replica !== b.replica) return a.replica < b.replica ? -1 : 1;
  return a.event_sequence - b.event_sequence;
}

/** Works out the states of all records, from events in whatever order they come. */
export interface Replay {
  take(event: MemoryEvent): void;
  states(): Replayed;
}

/** @param until ISO time, inclusive; what took effect later is passed over. Absent: now */
export function createReplay(until?: string): Replay {
  const last = new Map<string, MemoryEvent>();
  return {
    take(event) {
      if (event.event_type === 'LOG_SEALED' || (until !== undefined && effectiveAt(event) > until)) return;
      const known = last.get(event.entity_key);
      if (!known || order(known, event) <= 0) last.set(event.entity_key, event);
    },
    states() {
      const states = new Map<string, State | 'redacted'>();
      for (const [key, event] of last) {
        if (event.redacted === true) states.set(key, 'redacted');
        else if (event.after != null) states.set(key, event.after);
      }
      return states;
    },
  };
}

/** Every record as it was at a time, from the log alone. */
export function replay(events: readonly MemoryEvent[], until?: string): Replayed {
  const all = createReplay(until);
  for (const event of events) all.take(event);
  return all.states();
}

/** The last moment of a UTC day, `YYYY-MM-DD`. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59.999Z`;
}

export interface Difference {
  readonly entity_key: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: State | 'redacted' | null;
  readonly after: State | 'redacted' | null;
  /** Fields that differ, for changed ones. */
  readonly fields: readonly string[];
}

/** What became different between two states of the whole. */
export function compareStates(before: Replayed, after: Replayed): Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key): Difference[] => {
    const [was, is] = [before.get(key) ?? null, after.get(key) ?? null];
    if (isSameJson(was, is)) return [];
    const kind = was === null ? 'added' : is === null ? 'removed' : 'changed';
    return [{ entity_key: key, kind, before: was, after: is, fields: changedFields(was, is) }];
  });
}

function changedFields(before: State | 'redacted' | null, after: State | 'redacted' | null): string[] {
  if (before === null || after === null || before === 'redacted' || after === 'redacted') return [];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => field !== 'updated_at' && !isSameJson(before[field], after[field]))
    .sort();
}
