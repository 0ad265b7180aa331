import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Counts, EventLevel } from './session.ts';
import type { Decision } from './ports.ts';

/**
 * connecting: not yet spoken with · catching_up: there is work · synced: nothing waits · offline: the server is away ·
 * needs_decision, needs_login, incompatible: a person has to do something · stopped.
 */
export type ReconcilerState =
  'stopped' | 'connecting' | 'catching_up' | 'synced' | 'offline' | 'needs_decision' | 'needs_login' | 'incompatible';

export interface ReconcilerStatus {
  readonly state: ReconcilerState;
  /** ISO time since when. */
  readonly since: string;
  readonly store_id: string | null;
  /** Dirty records by collection. */
  readonly waiting: Readonly<Partial<Record<CollectionName, number>>>;
  readonly last_synced_at: string | null;
  readonly last_verified_at: string | null;
  readonly quarantined: number;
  readonly decision: Decision | null;
  /** While catching up; `total` is what waited when the round began. */
  readonly progress: { readonly done: number; readonly total: number; readonly per_second: number } | null;
  readonly counts: Readonly<Counts>;
  readonly clock_offset_ms: number | null;
  readonly streams: boolean | null;
  /** What ended the last round; null while all is well. */
  readonly trouble: { readonly kind: string; readonly message: string } | null;
  /** ISO time of the next attempt, where there was trouble. */
  readonly retry_at: string | null;
}

export interface ReconcilerEvent {
  readonly at: string;
  readonly level: EventLevel;
  readonly message: string;
}

const KEPT = 500;

/** The last events, newest last. */
export interface EventLog {
  note(level: EventLevel, message: string): void;
  list(): readonly ReconcilerEvent[];
}

export function createEventLog(clock: { now(): number }): EventLog {
  let events: readonly ReconcilerEvent[] = [];
  return {
    note(level, message) {
      events = [...events.slice(1 - KEPT), { at: new Date(clock.now()).toISOString(), level, message }];
    },
    list: () => events,
  };
}
